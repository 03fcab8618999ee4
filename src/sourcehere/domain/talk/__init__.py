"""
What sellers and staff say to each other.
"""
