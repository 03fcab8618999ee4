"""
What a unit of work does when it is done: each kind of consequence in its own file.
"""
