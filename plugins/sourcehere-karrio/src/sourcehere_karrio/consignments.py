"""
What is to be sent, as karrio's requests have it.
"""

from typing import Any

from sourcehere import Address
from sourcehere.domain.freight.model import FreightParcel, FreightRequest
from sourcehere.ports.labels import LabelRequest

from .amounts import exact
from .config import Customs, KarrioConfig, Origin, Service
from .measures import centimetres, kilograms

# The customs union of the European Union: no declaration between its members.
_UNION = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR"}
    | {"HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI"}
    | {"SK"}
)


def rates_of(config: KarrioConfig, request: FreightRequest) -> dict[str, Any]:
    """
    Return karrio's request for rates: to a place, and to nobody.
    """
    return {
        "shipper": _origin(config.origin),
        "recipient": {
            "country_code": request.country,
            "postal_code": request.postal_code,
            "state_code": request.region,
            "city": request.city,
        },
        "parcels": _parcels(request, config.grams_step),
        "services": [service.service for service in config.services],
        "options": dict(config.options),
    }


def shipment_of(
    config: KarrioConfig, service: Service, request: LabelRequest, key: str
) -> dict[str, Any]:
    """
    Return karrio's request for a label; our key stands in the carrier's field for
    references, by which a person finds what became of it.
    """
    consignment = request.consignment
    payload: dict[str, Any] = {
        "service": service.service,
        "shipper": _origin(config.origin),
        "recipient": _recipient(request.to),
        "parcels": _parcels(consignment, config.grams_step),
        "options": dict(config.options),
        "reference": key,
        "order_id": request.number,
        "label_type": config.label_format,
    }
    if config.customs is not None and crosses_customs(config.origin, request.to):
        payload["customs"] = _declared(config, config.customs, consignment)
    return payload


def crosses_customs(origin: Origin, to: Address) -> bool:
    """
    Tell whether what is sent has to be declared.
    """
    if origin.country == to.country:
        return False
    return not {origin.country, to.country} <= _UNION


def private_of(to: Address) -> tuple[str, ...]:
    """
    Return what no message may repeat.
    """
    fields = (to.name, to.company, to.city, to.postal_code, to.phone, to.email)
    return (*fields, to.street, *to.street.splitlines())


def _origin(origin: Origin) -> dict[str, Any]:
    return {
        "person_name": origin.name,
        "company_name": origin.company,
        "address_line1": origin.street,
        "city": origin.city,
        "state_code": origin.region,
        "postal_code": origin.postal_code,
        "country_code": origin.country,
        "phone_number": origin.phone,
        "email": origin.email,
    }


def _recipient(to: Address) -> dict[str, Any]:
    first, _, rest = to.street.strip().partition("\n")
    return {
        "person_name": to.name,
        "company_name": to.company,
        "address_line1": first.strip(),
        "address_line2": " ".join(rest.split()),
        "city": to.city,
        "state_code": to.region,
        "postal_code": to.postal_code,
        "country_code": to.country,
        "phone_number": to.phone,
        "email": to.email,
    }


def _parcels(request: FreightRequest, step: int) -> list[dict[str, Any]]:
    boxes = request.parcels or (FreightParcel(request.weight_grams),)
    return [
        {"weight": kilograms(parcel.weight_grams, step), "weight_unit": "KG"}
        | _sides(parcel.sides_mm)
        for parcel in boxes
    ]


def _sides(sides: tuple[int, int, int]) -> dict[str, Any]:
    if not all(sides):
        return {}
    names = ("length", "width", "height")
    measured = {n: centimetres(mm) for n, mm in zip(names, sides, strict=True)}
    return {**measured, "dimension_unit": "CM"}


def _declared(
    config: KarrioConfig, customs: Customs, request: FreightRequest
) -> dict[str, Any]:
    # karrio takes amounts as binary fractions; each is the one that is written so.
    value = float(exact(customs.unit_value, config.currency).decimal_text)
    signer = customs.signer or config.origin.name or config.origin.company
    return {
        "content_type": customs.content_type,
        "content_description": customs.description,
        "incoterm": customs.incoterm,
        "certify": True,
        "signer": signer,
        "commodities": [
            {
                "id": unit.name,
                "quantity": unit.quantity,
                "weight": kilograms(unit.weight_grams),
                "weight_unit": "KG",
                "description": customs.description,
                "hs_code": customs.hs_code,
                "origin_country": customs.made_in,
                "value_amount": value,
                "value_currency": config.currency,
            }
            for unit in request.units
        ],
    }
