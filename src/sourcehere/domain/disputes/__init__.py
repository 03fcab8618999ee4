"""
Disputes ("Depute"): reasons, messages, review, outcomes.
"""
