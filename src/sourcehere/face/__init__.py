"""
What a host application holds: desks for sellers and staff, and plain data for the wire.
"""
