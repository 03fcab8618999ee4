"""
Orders: lines, the three kinds, their charts, holds, the list tabs.
"""
