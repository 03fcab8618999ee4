"""
Goods that lie at the seller's own place.
"""
