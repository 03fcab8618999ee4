"""
What every concept is made of: money, ids, time, actors, errors, events, charts.
"""
