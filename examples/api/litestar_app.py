"""
Orders over HTTP, with Litestar.

    SOURCEHERE_DB=sqlite:///orders.db uvicorn litestar_app:app --port 8000
"""

import logging
import os
from typing import Annotated, Any

import attrs
from litestar import Litestar, Request, Response, get, post
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.params import (
    FromQuery,
    HeaderParameter,
    JSONBody,
    PathParameter,
    QueryParameter,
)
from litestar.status_codes import (
    HTTP_404_NOT_FOUND,
    HTTP_500_INTERNAL_SERVER_ERROR,
)

import sourcehere
from sourcehere import (
    CounterpartyError,
    InvalidInputError,
    Money,
    NotFoundError,
    Offer,
    OrderDetails,
    OrderHeader,
    Page,
    Payment,
    SourceHereError,
    Tab,
    http_status,
    openapi_components,
    openapi_ref,
    schema_of,
    to_dict,
)

sh = sourcehere.open(os.environ["SOURCEHERE_DB"])
_LOG = logging.getLogger(__name__)

# What we take is in the document; what we do not is refused in our words.
ID = {"pattern": "^[a-zA-Z0-9][a-zA-Z0-9._:-]{0,63}$"}
SellerId = Annotated[str, PathParameter(schema_extra=ID)]
OrderId = Annotated[str, PathParameter(schema_extra=ID)]
Limit = Annotated[int, QueryParameter(schema_extra={"minimum": 1, "maximum": 500})]
Key = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        description="The same key with the same request is done once, and answered"
        " alike each time; with another request it is refused.",
        schema_extra={"maxLength": 255},
    ),
]


@attrs.frozen
class OfferAsked:
    """
    Which orders are to be priced.
    """

    order_ids: list[str]


@attrs.frozen
class PaymentAsked:
    """
    An offer, and the total that was agreed to.
    """

    checkout_id: str
    total: str
    currency: str


def refused(_: Request[Any, Any, Any], error: SourceHereError) -> Response[object]:
    """
    Tell an error as JSON.
    """
    return Response(to_dict(error), status_code=http_status(error))


def misread(_: Request[Any, Any, Any], error: HTTPException) -> Response[object]:
    """
    Tell what Litestar itself refuses in the same form: the first part that is wrong.
    """
    parts = error.extra if isinstance(error.extra, list) else []
    first = next(iter(parts), {"message": error.detail})
    field = ".".join(first[name] for name in ("source", "key") if name in first)
    expected = f"as it has to be ({first['message'][:200]})"
    told = InvalidInputError(field=field or "request", value="...", expected=expected)
    return Response(
        to_dict(told), status_code=error.status_code, headers=error.headers or {}
    )


def nowhere(request: Request[Any, Any, Any], _: HTTPException) -> Response[object]:
    """
    Tell in the same form that there is no such address.
    """
    return refused(request, NotFoundError(kind="address", id=request.url.path[:200]))


def failed(request: Request[Any, Any, Any], error: Exception) -> Response[object]:
    """
    Tell in the same form that something is broken; the log says what.
    """
    _LOG.error("%s %s", request.method, request.url.path, exc_info=error)
    told = CounterpartyError("something is broken here; the server's log says what")
    return Response(to_dict(told), status_code=HTTP_500_INTERNAL_SERVER_ERROR)


def too_deep(request: Request[Any, Any, Any], _: RecursionError) -> Response[object]:
    """
    Tell in the same form that a body has too much within each other.
    """
    told = InvalidInputError(
        field="body", value="...", expected="a body that can be read: it is too deep"
    )
    return refused(request, told)


# In threads: calls read and write a database.
@get("/sellers/{seller_id:str}/orders", sync_to_thread=True)
def list_orders(
    seller_id: SellerId,
    tab: FromQuery[Tab] = Tab.ALL,
    after: FromQuery[str] = "",
    limit: Limit = 50,
) -> Any:
    """
    List orders, newest first.
    """
    orders = sh.seller(seller_id).orders
    return to_dict(orders.list(tab=tab, after=after, limit=limit))


@get("/sellers/{seller_id:str}/orders/{order_id:str}", sync_to_thread=True)
def show_order(seller_id: SellerId, order_id: OrderId) -> Any:
    """
    Return one order with all that a page about it shows.
    """
    return to_dict(sh.seller(seller_id).orders.details(order_id))


@post("/sellers/{seller_id:str}/offers", sync_to_thread=True, status_code=200)
def open_offer(seller_id: SellerId, data: JSONBody[OfferAsked], key: Key = "") -> Any:
    """
    Price orders as they would be paid now.
    """
    checkouts = sh.seller(seller_id).checkouts
    return to_dict(checkouts.open(data.order_ids, command_id=key))


@post("/sellers/{seller_id:str}/payments", sync_to_thread=True, status_code=200)
def pay(
    seller_id: SellerId,
    data: JSONBody[PaymentAsked],
    key: Key = "",
) -> Any:
    """
    Pay an offer, if it still costs the total that was agreed to.
    """
    paid = sh.seller(seller_id).checkouts.pay(
        data.checkout_id,
        expected_total=Money.parse(data.total, data.currency),
        command_id=key,
    )
    return to_dict(paid)


# What else the document says of bodies.
_MONEY = schema_of(Money)["properties"]
_RULES: list[tuple[str, str, dict[str, Any]]] = [
    ("OfferAsked", "order_ids", {"minItems": 1}),
    ("PaymentAsked", "total", _MONEY["amount"]),
    ("PaymentAsked", "currency", _MONEY["currency"]),
]
_ANSWERS: dict[str, Any] = {
    "list_orders": Page[OrderHeader],
    "show_order": OrderDetails,
    "open_offer": Offer,
    "pay": Payment,
}


@get("/openapi.json", include_in_schema=False)
async def described(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """
    Return the OpenAPI document, with our schemas among its components.
    """
    told: dict[str, Any] = request.app.openapi_schema.to_schema()
    ours = openapi_components(*_ANSWERS.values(), SourceHereError)
    schemas = told.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(ours)
    for asked, name, rule in _RULES:
        schemas[asked]["properties"][name] |= rule
    for methods in told["paths"].values():
        for asked in methods.values():
            record = _ANSWERS[asked["operationId"]]
            told_by = asked["responses"]
            told_by["200"]["content"] = _json(record)
            told_by.pop("400", None)  # Litestar's own form, which nobody gets
            wrong = {"description": "refused", "content": _json(SourceHereError)}
            told_by.update({"4XX": wrong, "5XX": wrong})
    return told


def _json(record: Any) -> dict[str, Any]:
    return {"application/json": {"schema": openapi_ref(record)}}


app = Litestar(
    [list_orders, show_order, open_offer, pay, described],
    exception_handlers={
        SourceHereError: refused,
        HTTP_404_NOT_FOUND: nowhere,
        HTTPException: misread,
        Exception: failed,
        RecursionError: too_deep,
    },
    on_shutdown=[sh.close],
    openapi_config=OpenAPIConfig(
        title="Orders",
        version="1",
        operation_id_creator=lambda handler, _method, _path: handler.handler_name,
    ),
    logging_config=None,  # the host's own
)
