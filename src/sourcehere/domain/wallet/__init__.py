"""
The prepaid wallet: accounts, the double-entry ledger, checkouts, refunds.
"""
