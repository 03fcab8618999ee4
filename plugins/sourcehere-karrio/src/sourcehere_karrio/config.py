"""
What has to be known to connect a carrier.
"""

from collections.abc import Mapping
from typing import Literal
from zoneinfo import ZoneInfo

import attrs

from sourcehere import Money
from sourcehere.domain.kernel.countries import is_country

from .amounts import exact

# The adapter fills them in.
_OURS = frozenset({"id", "carrier_id", "test_mode"})


def _is_country(_: object, field: "attrs.Attribute[str]", value: str) -> None:
    if not is_country(value):
        msg = (
            f"{field.name} should be an ISO 3166-1 alpha-2 code in capitals, such as DE"
        )
        raise ValueError(msg)


def _is_zone(_: object, __: object, value: str) -> None:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError):
        msg = "should be a zone's name, such as Europe/Berlin"
        raise ValueError(msg) from None


def _is_said(_: object, field: "attrs.Attribute[str]", value: str) -> None:
    if not value.strip():
        msg = f"{field.name} should not be empty"
        raise ValueError(msg)


def _is_the_carriers(_: object, __: object, value: Mapping[str, object]) -> None:
    if ours := sorted(_OURS & value.keys()):
        msg = f"should not have {', '.join(ours)}, which the adapter fills in"
        raise ValueError(msg)


@attrs.frozen(kw_only=True)
class Service:
    """
    A service of the carrier, as it is offered here.

    Attributes:
        code: The method's code here.

        service: What karrio calls it, such as `easypost_usps_priority`.

        name: For people.

        carrier: Who carries it, as staff and shops write it.

        days_min, days_max: Days on the way, where the carrier tells none.

        refuses: Goods that it does not take, such as `battery`: karrio asks carriers
            for none of that.
    """

    code: str = attrs.field(validator=_is_said)
    service: str = attrs.field(validator=_is_said)
    name: str = attrs.field(validator=_is_said)
    carrier: str = attrs.field(validator=_is_said)
    days_min: int = attrs.field(validator=attrs.validators.ge(0))
    days_max: int = attrs.field(validator=attrs.validators.ge(0))
    refuses: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Origin:
    """
    Where parcels leave from: the sender on labels.
    """

    country: str = attrs.field(validator=_is_country)
    name: str = ""
    company: str = ""
    street: str = attrs.field(repr=False, validator=_is_said)
    city: str
    region: str = ""
    postal_code: str
    phone: str = attrs.field(default="", repr=False)
    email: str = attrs.field(default="", repr=False)


@attrs.frozen(kw_only=True)
class Customs:
    """
    What is declared of every unit that crosses a border: no request tells what its
    goods are and are worth, so this is true only where all goods are alike.

    Attributes:
        unit_value: Of one unit, such as `12.50`, in the connection's currency.

        hs_code: Of the Harmonized System; 6 to 10 digits.

        made_in: Where the goods were made.
    """

    description: str = attrs.field(validator=_is_said)
    unit_value: str = attrs.field(validator=_is_said)
    hs_code: str = attrs.field(validator=attrs.validators.matches_re(r"[0-9]{6,10}"))
    made_in: str = attrs.field(validator=_is_country)
    content_type: str = "merchandise"
    incoterm: str = "DDU"
    signer: str = ""


@attrs.frozen(kw_only=True)
class KarrioConfig:
    """
    One account at one carrier.

    Attributes:
        carrier: Its name in karrio's gateway, such as `easypost`: what
            `pip install karrio-easypost` brings.

        settings: What karrio asks for to speak to it and nobody else may not know, such
            as an account's number.

        secrets: The rest of it, such as `{"api_key": {"$env": "EASYPOST_KEY"}}`.

        test_mode: Whether the carrier's sandbox is asked.

        currency: Of the carrier's prices, where it tells none.

        services: What is offered; other services are not.

        options: Sent with each request, as karrio names them.

        grams_step: Weights are rounded up to so many grams. karrio rounds kilograms to
            two decimals, up or down: 10 for carriers that weigh in kilograms.

        labels_folder: Below the host's folder; where labels are kept, which karrio
            hands out once. Without it none are sold.

        labels_kept_days: After which they are removed.

        price_from_quote: Whether a label costs what is quoted before it is bought, for
            carriers that tell no price with it.

        void_codes: The carrier's codes that say that a label is void already.

        carriers: Whose parcels it tells of, as staff write them -> what the carrier's
            API calls them, or nothing; those of the services if not given.

        zone: Where the carrier's clocks are: karrio tells times as they are written,
            and always as if they were of UTC.

        customs: What is declared; without it no label crosses a border of customs.

        timeout_s: How long an answer is waited for.
    """

    carrier: str = attrs.field(validator=_is_said)
    settings: Mapping[str, object] = attrs.field(
        factory=dict, repr=False, validator=_is_the_carriers
    )
    secrets: Mapping[str, str] = attrs.field(
        factory=dict,
        repr=False,
        metadata={"secret": True},
        validator=_is_the_carriers,
    )
    test_mode: bool = False
    currency: str
    origin: Origin
    services: tuple[Service, ...]
    options: Mapping[str, object] = attrs.field(factory=dict)
    grams_step: int = attrs.field(default=1, validator=attrs.validators.ge(1))
    label_format: Literal["PDF", "ZPL", "PNG"] = "PDF"
    labels_folder: str = ""
    labels_kept_days: int = attrs.field(default=90, validator=attrs.validators.ge(1))
    price_from_quote: bool = False
    void_codes: tuple[str, ...] = ()
    carriers: Mapping[str, str] = attrs.field(factory=dict)
    zone: str = attrs.field(default="UTC", validator=_is_zone)
    customs: Customs | None = None
    timeout_s: float = attrs.field(default=30.0, validator=attrs.validators.gt(0))

    def __attrs_post_init__(self) -> None:
        """
        Refuse what does not fit together.

        Raises:
            ValueError: If a service is there twice, or an amount is none.
        """
        Money.zero(self.currency)
        if self.customs is not None:
            exact(self.customs.unit_value, self.currency)
        codes = [service.code for service in self.services]
        if len(set(codes)) < len(codes):
            msg = "services have each a code of their own"
            raise ValueError(msg)
        if twice := sorted(self.settings.keys() & self.secrets.keys()):
            msg = f"{', '.join(twice)} is among the settings and the secrets"
            raise ValueError(msg)

    def service(self, code: str) -> Service | None:
        """
        Return the service with a code.
        """
        return next((one for one in self.services if one.code == code), None)
