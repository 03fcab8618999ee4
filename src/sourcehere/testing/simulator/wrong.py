"""
What a run fails with.
"""


class WrongError(Exception):
    """
    Something that must not be.
    """
