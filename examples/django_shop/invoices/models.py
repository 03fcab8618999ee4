"""
What the project keeps of a paid order.
"""

from django.db import models


class Invoice(models.Model):
    """
    What a seller paid for one order.
    """

    order_id = models.CharField(max_length=64, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    def __str__(self) -> str:
        """
        Name it as people do.
        """
        return f"invoice of {self.order_id}"
