"""
Sellers' shops: connections, what their orders looked like, what could not be read.
"""
