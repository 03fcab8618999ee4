"""
An address on the command line, or in a file so that it stays out of the history.
"""

import re
from pathlib import Path
from typing import Annotated

import attrs
from cyclopts import Parameter

from ..domain.kernel.address import Address
from ..domain.kernel.values import frozen
from .errors import UsageError
from .output import Table, facts
from .reading import read_object


@frozen(kw_only=True)
class AddressWords:
    """
    Where, and to whom; what is not given stays as it is.

    Attributes:
        country: Such as GB.

        name: Of the person.

        company: Of the business.

        street: Street and house.

        city: Town.

        region: State or province.

        postal_code: As the country writes it.

        phone: For the carrier.

        email: For the carrier.

        address_file: A JSON file with these fields instead.
    """

    country: str = ""
    name: str = ""
    company: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    phone: str = ""
    email: str = ""
    address_file: Path | None = None


AddressGiven = Annotated[AddressWords, Parameter(name="*")]
_COUNTRY = re.compile(r"[A-Z]{2}")
_FIELDS = tuple(field.name for field in attrs.fields(Address))


def read_address(said: AddressWords) -> dict[str, str]:
    """
    Return the fields that were said.

    Raises:
        UsageError: If a field is unknown, or the country is no code.
    """
    given = {
        name: value
        for name, value in attrs.asdict(said).items()
        if name != "address_file" and value
    }
    if said.address_file is not None:
        given = {**_from_file(said.address_file), **given}
    country = given.get("country", "ZZ")
    if not _COUNTRY.fullmatch(country):
        message = f"country {country!r}: say two capital letters, such as GB"
        raise UsageError(message)
    return given


def _from_file(path: Path) -> dict[str, str]:
    read = {name: str(v) for name, v in read_object(path).items()}
    strange = sorted(set(read) - set(_FIELDS))
    if strange:
        message = f"{path}: unknown {', '.join(strange)}; there is {', '.join(_FIELDS)}"
        raise UsageError(message)
    return read


def address_table(address: Address) -> Table:
    """
    Show an address; personal data.
    """
    return facts(attrs.asdict(address))
