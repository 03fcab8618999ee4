"""
How the invoices' table came to be.
"""
