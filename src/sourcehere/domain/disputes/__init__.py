"""
Disputes ("Depute"): reasons, review, outcomes.
"""
