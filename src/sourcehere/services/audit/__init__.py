"""
Every invariant, checked on the stored data.
"""
