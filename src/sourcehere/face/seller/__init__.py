"""
What one seller can do, and staff for that seller: a desk per part of the business.
"""
