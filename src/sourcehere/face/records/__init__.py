"""
What desks answer: frozen records with exact money, made of what is stored.
"""
