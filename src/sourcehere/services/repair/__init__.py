"""
Repair: what the audit names is planned, shown, and mended by new entries.
"""
