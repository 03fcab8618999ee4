"""
Money back, and the disputes that ask for it.
"""
