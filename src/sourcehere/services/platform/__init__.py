"""
What belongs to all sellers: catalogue, sellers, queues, clocks.
"""
