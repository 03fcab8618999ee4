"""
What the library knows of its field: the kernel, and concepts that only share it.
"""
