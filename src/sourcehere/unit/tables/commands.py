"""
What commands answered, so that the same command is done once.
"""

from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import frozen
from ..records import Records


@frozen(kw_only=True)
class CommandResult:
    """
    What a command answered the first time, per item of a bulk call.
    """

    seller_id: SellerId
    command_id: str
    item: str
    request_hash: str
    result: str


@frozen(kw_only=True)
class PlatformCommandResult:
    """
    What a command of the platform scope answered the first time.
    """

    command_id: str
    item: str
    request_hash: str
    result: str


COMMANDS = Records("command", CommandResult, key=["seller_id", "command_id", "item"])
PLATFORM_COMMANDS = Records(
    "platform_command", PlatformCommandResult, key=["command_id", "item"]
)

RECORDS = (COMMANDS, PLATFORM_COMMANDS)
