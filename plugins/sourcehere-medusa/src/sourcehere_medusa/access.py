"""
What a key has to permit, and what a shop has to have.
"""

from sourcehere.ports.errors import UnauthorizedError

from .client import PROVIDER, Client
from .config import MedusaConfig

# List, and what of its answer it is -> what it is read for.
_NEEDED = {
    ("/orders", "orders"): "read orders",
    ("/payments", "payments"): "see which orders are paid",
    ("/product-variants", "variants"): "list what the shop sells",
    ("/stock-locations", "stock_locations"): "tell parcels and stock",
}
_ONE = {"limit": "1", "fields": "id"}


def check_access(client: Client, config: MedusaConfig) -> None:
    """
    Try the key, and name what is missing.

    Raises:
        UnauthorizedError: If the key is refused or may read too little, or something
            that the configuration names is not in the shop.
    """
    missing: list[str] = []
    refused: UnauthorizedError | None = None
    for (path, field), what in _NEEDED.items():
        try:
            client.page(path, field, _ONE, why=f"trying to {what}")
        except UnauthorizedError as error:
            refused = error
            missing.append(f"GET /admin{path} (to {what})")
    if refused is not None and len(missing) == len(_NEEDED):
        raise refused
    if missing:
        detail = f"the key does not permit {', '.join(missing)}"
        raise UnauthorizedError(provider=PROVIDER, detail=detail)
    named = {
        ("/stock-locations", "stock_location"): config.location,
        ("/sales-channels", "sales_channel"): config.sales_channel,
    }
    for (path, field), name in named.items():
        if name and not _is_there(client, f"{path}/{name}", field):
            detail = f"the shop has no {field.replace('_', ' ')} {name}"
            raise UnauthorizedError(provider=PROVIDER, detail=detail)


def _is_there(client: Client, path: str, field: str) -> bool:
    return (
        client.ask(path, field, {"fields": "id"}, why=f"looking for {field}")
        is not None
    )
