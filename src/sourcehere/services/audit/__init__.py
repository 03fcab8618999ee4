"""
The audit: it checks every invariant on the stored data.
"""
