"""
Payment gateways: they top up wallets, and return money to its source.
"""
