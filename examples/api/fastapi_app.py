"""
Orders over HTTP, with FastAPI.

    SOURCEHERE_DB=sqlite:///orders.db uvicorn fastapi_app:app --port 8000
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Body, FastAPI, Header, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

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


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """
    Close the order core when the server stops.
    """
    yield
    sh.close()


app = FastAPI(
    title="Orders",
    lifespan=lifespan,
    redirect_slashes=False,
    generate_unique_id_function=lambda route: route.name,  # what a client calls it
)

# What we take is in the document; what we do not is refused in our words.
ID = {"pattern": "^[a-zA-Z0-9][a-zA-Z0-9._:-]{0,63}$"}
AMOUNT, CURRENCY = (
    {"pattern": schema_of(Money)["properties"][name]["pattern"]}
    for name in ("amount", "currency")
)
SellerId = Annotated[str, Path(json_schema_extra=ID)]
OrderId = Annotated[str, Path(json_schema_extra=ID)]
Limit = Annotated[int, Query(json_schema_extra={"minimum": 1, "maximum": 500})]
OrderIds = Annotated[list[str], Body(embed=True, json_schema_extra={"minItems": 1})]
Key = Annotated[
    str,
    Header(
        description="The same key with the same request is done once, and answered"
        " alike each time; with another request it is refused.",
        json_schema_extra={"maxLength": 255},
    ),
]


def answers(record: Any) -> dict[int | str, dict[str, Any]]:
    """
    Say which of our records an address answers with.
    """

    def told(schema: dict[str, str]) -> dict[str, Any]:
        return {"content": {"application/json": {"schema": schema}}}

    error = told(openapi_ref(SourceHereError))
    return {200: told(openapi_ref(record)), "4XX": error, "5XX": error}


@app.exception_handler(SourceHereError)
def refused(_: Request, error: SourceHereError) -> JSONResponse:
    """
    Tell an error as JSON.
    """
    return JSONResponse(to_dict(error), http_status(error))


@app.exception_handler(RequestValidationError)
def misread(request: Request, error: RequestValidationError) -> JSONResponse:
    """
    Tell what FastAPI itself refuses in the same form.
    """
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    expected = f"as it has to be ({first['msg']})"
    told = InvalidInputError(field=field, value="...", expected=expected)
    return refused(request, told)


@app.exception_handler(HTTPException)
def unread(request: Request, error: HTTPException) -> JSONResponse:
    """
    Tell in the same form that there is no such address, that it does not take a
    method, or that a body cannot be read at all, such as one too deep.
    """
    told: SourceHereError = InvalidInputError(
        field="request", value="...", expected=f"as it has to be ({error.detail})"
    )
    if error.status_code == HTTPStatus.NOT_FOUND:
        told = NotFoundError(kind="address", id=request.url.path[:200])
    return JSONResponse(to_dict(told), error.status_code, error.headers)


@app.exception_handler(Exception)
def failed(_request: Request, _error: Exception) -> JSONResponse:
    """
    Tell in the same form that something is broken; the server's log says what.
    """
    told = CounterpartyError("something is broken here; the server's log says what")
    return JSONResponse(to_dict(told), HTTPStatus.INTERNAL_SERVER_ERROR)


# Plain functions: FastAPI runs them in threads.
@app.get("/sellers/{seller_id}/orders", responses=answers(Page[OrderHeader]))
def list_orders(
    seller_id: SellerId, tab: Tab = Tab.ALL, after: str = "", limit: Limit = 50
) -> JSONResponse:
    """
    List orders, newest first.
    """
    orders = sh.seller(seller_id).orders
    return JSONResponse(to_dict(orders.list(tab=tab, after=after, limit=limit)))


@app.get("/sellers/{seller_id}/orders/{order_id}", responses=answers(OrderDetails))
def show_order(seller_id: SellerId, order_id: OrderId) -> JSONResponse:
    """
    Return one order with all that a page about it shows.
    """
    return JSONResponse(to_dict(sh.seller(seller_id).orders.details(order_id)))


@app.post("/sellers/{seller_id}/offers", responses=answers(Offer))
def open_offer(
    seller_id: SellerId, order_ids: OrderIds, idempotency_key: Key = ""
) -> JSONResponse:
    """
    Price orders as they would be paid now.
    """
    checkouts = sh.seller(seller_id).checkouts
    return JSONResponse(to_dict(checkouts.open(order_ids, command_id=idempotency_key)))


@app.post("/sellers/{seller_id}/payments", responses=answers(Payment))
def pay(
    seller_id: SellerId,
    checkout_id: Annotated[str, Body()],
    total: Annotated[str, Body(json_schema_extra=AMOUNT)],
    currency: Annotated[str, Body(json_schema_extra=CURRENCY)],
    idempotency_key: Key = "",
) -> JSONResponse:
    """
    Pay an offer, if it still costs the total that was agreed to.
    """
    paid = sh.seller(seller_id).checkouts.pay(
        checkout_id,
        expected_total=Money.parse(total, currency),
        command_id=idempotency_key,
    )
    return JSONResponse(to_dict(paid))


def described() -> dict[str, Any]:
    """
    Return the OpenAPI document, with our schemas among its components.
    """
    if app.openapi_schema is None:
        told = get_openapi(title=app.title, version="1", routes=app.routes)
        ours = openapi_components(
            Page[OrderHeader], OrderDetails, Offer, Payment, SourceHereError
        )
        told.setdefault("components", {}).setdefault("schemas", {}).update(ours)
        app.openapi_schema = told
    return app.openapi_schema


app.openapi = described  # type: ignore[method-assign]  # as FastAPI says to
