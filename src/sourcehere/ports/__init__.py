"""
What adapters implement and import: protocols, the values they exchange, their errors.
"""
