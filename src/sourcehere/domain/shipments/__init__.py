"""
What left, and where it is: parcels and their tracking.
"""
