"""
The schema of every release, one step per file.
"""
