"""
Which platform variants supply which store products.
"""
