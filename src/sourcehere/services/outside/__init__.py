"""
What we owe the outside, and our own waiting jobs.
"""
