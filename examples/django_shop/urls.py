"""
Where orders are shown and paid.
"""

from django.urls import path
from invoices.views import pay, show

urlpatterns = [
    path("sellers/<str:seller_id>/orders/<str:order_id>", show),
    path("sellers/<str:seller_id>/orders/<str:order_id>/pay", pay),
]
