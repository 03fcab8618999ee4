"""
Orders at the desk: drafts, lists, the commands of one step.
"""
