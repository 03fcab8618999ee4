"""
What an author of a plugin gets: contracts to subclass, fakes, a database to test on.
"""
