"""
Shops' orders come in: connecting shops, importing what they say, parts of an order.
"""
