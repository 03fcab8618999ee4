"""
What orders cost, and how they are paid: freight, prices, checkouts, wallets.
"""
