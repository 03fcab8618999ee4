"""
The schemas of our records within an OpenAPI document of the host's.
"""

from typing import Any

from .schemas import schema_of

_HERE, _THERE = "#/$defs/", "#/components/schemas/"


def openapi_ref(record: type) -> dict[str, str]:
    """
    Return a reference to the schema of a *record* among an OpenAPI document's
    components, as an answer's `schema`.

    Raises:
        InvalidInputError: If *record* is no class of records.
    """
    return {"$ref": f"{_THERE}{schema_of(record)['title']}"}


def openapi_components(*records: type) -> dict[str, Any]:
    """
    Return what goes under `components.schemas` of an OpenAPI 3.1 document for
    *records*: their schemas, and those of the records within them, by name.

    A list is `Page[OrderHeader]`, an error `SourceHereError`.

    Raises:
        InvalidInputError: If one is no class of records.
    """
    found: dict[str, Any] = {}
    for record in records:
        schema = schema_of(record)
        found |= schema.pop("$defs", {})
        del schema["$schema"]
        found[schema["title"]] = schema
    return {name: _moved(found[name]) for name in sorted(found)}


def _moved(schema: Any) -> Any:
    """
    Return *schema* with its references among the components.
    """
    if isinstance(schema, dict):
        return {
            name: value.replace(_HERE, _THERE)
            if name == "$ref" and isinstance(value, str)
            else _moved(value)
            for name, value in schema.items()
        }
    if isinstance(schema, list):
        return [_moved(one) for one in schema]
    return schema
