"""
An order is shown, and paid together with its invoice.
"""

from django.db import IntegrityError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from sourcehere import AlreadyExistsError, SourceHereError, http_status, to_dict

from .models import Invoice
from .orders import core, together


@require_GET
def show(_: HttpRequest, seller_id: str, order_id: str) -> JsonResponse:
    """
    Return one order, as JSON.
    """
    try:
        order = core().seller(seller_id).orders.get(order_id)
    except SourceHereError as error:
        return refused(error)
    return JsonResponse(to_dict(order))


@csrf_exempt  # for trying it: a project of yours knows who asks
@require_POST
def pay(_: HttpRequest, seller_id: str, order_id: str) -> JsonResponse:
    """
    Pay an order out of the seller's wallet, and keep its invoice, or do neither.
    """
    try:
        # Carriers are asked before the transaction begins.
        offer = core().seller(seller_id).checkouts.open([order_id])
        with together() as sh:
            sh.seller(seller_id).checkouts.pay(offer)
            invoice = Invoice.objects.create(
                order_id=order_id,
                amount_minor=offer.total.minor,
                currency=offer.total.currency,
            )
    except SourceHereError as error:
        return refused(error)
    except IntegrityError:
        return refused(AlreadyExistsError(kind="invoice", key=order_id))
    return JsonResponse({"invoice": invoice.pk, "total": to_dict(offer.total)})


def refused(error: SourceHereError) -> JsonResponse:
    """
    Tell an error as JSON.
    """
    return JsonResponse(to_dict(error), status=http_status(error))
