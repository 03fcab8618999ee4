"""
What a shop sells meets what the platform supplies: connections, suggestions, quotes.
"""
