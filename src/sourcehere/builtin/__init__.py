"""
Plugins that ship with the core: file store, rate-card freight, FIFO policy.
"""
