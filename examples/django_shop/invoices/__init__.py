"""
Invoices of paid orders.
"""
