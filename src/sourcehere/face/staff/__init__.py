"""
What staff can do for the whole platform.
"""
