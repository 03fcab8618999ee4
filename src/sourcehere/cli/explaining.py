"""
Why a command cannot be done: one answer for quotes and disputes.
"""

from collections.abc import Callable, Mapping

from ..domain.kernel.actor import Role
from ..domain.kernel.errors import Blocker, UnknownCommandError
from ..face.desks import SellerDesk
from .context import Context
from .output import Result, table

Ask = Callable[[SellerDesk, str], tuple[Blocker, ...]]


def explained(
    ctx: Context,
    name: str,
    command: str,
    roles: Mapping[str, frozenset[Role]],
    ask: Ask,
) -> Result:
    """
    Say why *command* cannot be done by whoever usually does it, or that it can.

    Raises:
        UnknownCommandError: If there is no such command.
    """
    asked = command.replace("-", "_")
    if asked not in roles:
        raise UnknownCommandError(command=command, known=sorted(roles))
    desk = ctx.shop_for(min(roles[asked]))
    by, found = desk.actor, ask(desk, asked)
    data = {"id": name, "command": asked, "by": by.role, "blockers": found}
    if not found:
        words = f"nothing stands against it: {by.role} can {command} now"
        return Result(data, (words,))
    shown = table(found, {"code": lambda b: b.code, "why not": lambda b: b.words})
    return Result(data, (shown,))
