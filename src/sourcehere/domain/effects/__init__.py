"""
What we owe the outside: outbox messages and attempts.
"""
