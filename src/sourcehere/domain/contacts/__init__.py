"""
People and addresses: the one place with personal data.
"""
