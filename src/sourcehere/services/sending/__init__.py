"""
What leaves and what arrives: parcels, tracking, the cloud warehouse.
"""
