"""
How aggregates become rows: schema, codecs, repositories, and the memory storage.
"""
