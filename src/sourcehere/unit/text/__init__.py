"""
Values as JSON text and back: the form in which events and documents are stored.
"""
