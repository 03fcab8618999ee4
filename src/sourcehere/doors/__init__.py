"""
What a plugin returned becomes values we trust, or an error that names what is wrong.
"""
