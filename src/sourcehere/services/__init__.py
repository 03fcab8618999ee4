"""
Business processes, one per file: whatever needs two concepts is here.
"""
