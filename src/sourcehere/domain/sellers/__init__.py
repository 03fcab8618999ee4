"""
One seller and the terms they have with the platform.
"""
