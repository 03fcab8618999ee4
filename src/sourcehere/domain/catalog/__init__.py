"""
What the platform sells: products, variants, price tiers, the concession.
"""
