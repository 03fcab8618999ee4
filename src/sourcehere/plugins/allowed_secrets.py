"""
Which environment variables and files the configurations of connections may refer to.
"""

import os
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

import attrs

from ..domain.kernel.errors import InvalidInputError
from ..domain.kernel.values import frozen
from .files import SELLER, OutsideFolderError, folder_of, open_below, read_open

_MAX = 2**16  # bytes of a secret; a certificate has a few thousand


class NotAllowedError(Exception):
    """
    A name that the host did not allow.
    """


def _texts(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str):
        raise InvalidInputError(
            field="env", value=value, expected='a list, such as ["SHOP_*"]'
        )
    return tuple(value)


@frozen(kw_only=True)
class Secrets:
    """
    The secrets that configurations may refer to, by `{"$env": NAME}` or
    `{"$file": PATH}`.

    Sellers write configurations too, so nothing is allowed that is not named here.
    `{seller}` stands for the id of the seller whose connection it is: without it every
    seller may use what another one's connection uses. What has it is closed to the
    platform's own connections.

    Attributes:
        env: Names of environment variables; `*` in one stands for any characters.

        files: A folder; files in it and below may be named. Empty for none.
    """

    env: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    files: str = attrs.field(default="", converter=os.fspath)

    def variable(self, name: str, *, seller_id: str) -> str | None:
        """
        Return the value of an environment variable; None if it is not set.

        Raises:
            NotAllowedError: If the host did not allow it.
        """
        allowed = (
            pattern.replace(SELLER, seller_id)
            for pattern in self.env
            if seller_id or SELLER not in pattern
        )
        if not any(fnmatchcase(name, pattern) for pattern in allowed):
            raise NotAllowedError
        return os.environ.get(name)

    def file(self, path: str, *, seller_id: str) -> bytes:
        """
        Read a file.

        Links are followed as long as they stay in the folder: mounted secrets have
        them, and no seller writes there.

        Raises:
            NotAllowedError: If the host did not allow it.

            OSError: If it cannot be read, is no regular file, or is too large.
        """
        folder = folder_of(self.files, seller_id)
        if not folder:
            raise NotAllowedError
        real = os.path.realpath(folder)
        try:
            target = os.path.realpath(Path(folder) / path)
            with os.fdopen(open_below(real, target, most=_MAX), "rb") as file:
                return read_open(file, most=_MAX)
        except OutsideFolderError:
            raise NotAllowedError from None


NO_SECRETS = Secrets()
