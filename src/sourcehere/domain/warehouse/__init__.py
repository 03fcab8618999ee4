"""
Cloud warehouses ("Yuncang"): lots, receipts, allocation, the stock ledger.
"""
