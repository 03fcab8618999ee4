"""
What the provider is called.
"""

PROVIDER = "karrio"
