"""
What it costs to send, how long it takes, and why a method is left out.
"""
