"""
The unit of work: one transaction as services see it, and how objects become rows.
"""
