"""
The tree of commands, and one run of it.
"""

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, CycloptsError, Group, Parameter

from .. import __version__
from ..domain.kernel.errors import SourceHereError

if TYPE_CHECKING:  # imported when a command is run, see `_running`
    from .context import Looker, Opener

# Name -> what it is about; each has a module of its name, imported when it is used.
NOUNS = {
    "demo": "Tell a real shop's story, from sync to refund, on a database of its own.",
    "sellers": "Who sells, and in which currency their wallet is.",
    "wallet": "The seller's prepaid money.",
    "ledger": "The seller's book, by month or as a file.",
    "catalog": "What the platform sells.",
    "warehouses": "The platform's cloud warehouses.",
    "freight": "Rate cards and carriers, and what they charge.",
    "gateways": "Payment gateways, and what they paid out.",
    "attempts": "Payments by gateways of which nobody knows what became of them.",
    "stores": "The seller's shops, and their orders.",
    "connections": "Which platform variants supply what a shop sells.",
    "quotes": "Ask for Quote: a source and a price for what is not connected.",
    "orders": "Store, manual and cloud-warehouse orders: list, pay, ship, refund.",
    "lines": "What orders are of, as a file.",
    "manual": "Orders that the seller writes: samples, bulk, local stock.",
    "local-stock": "Goods at the seller's own place: kept, counted, sold.",
    "cloud": "Cloud-warehouse orders, and the stock they become.",
    "parcels": "What left, and what carriers say about it.",
    "labels": "Buy labels from carriers, void and print them.",
    "disputes": 'After-sales requests ("Depute" in the product), and how they end.',
    "conversations": "What sellers and staff write to each other, and about what.",
    "queue": "What waits for staff, across sellers.",
    "inbox": "What shops told by webhook.",
    "tracking": "Asking carriers where parcels are.",
    "relay": "Deliver what we owe the outside.",
    "clocks": "Deadlines: unpaid orders expire, silent parcels arrive.",
    "serve-webhooks": "Receive what shops tell by webhook, over HTTP.",
    "worker": "Do all that waits: messages, jobs and deadlines, once or for ever.",
    "states": "Draw a status chart.",
    "schema": "What --json answers with, as JSON Schema.",
    "audit": "Check every invariant on the stored data.",
    "repair": "Mend what the audit names, or say what a person does about it.",
    "db": "The database's version, and bringing it up to date.",
    "plugins": "What is installed, and what is wrong with it.",
    "new-plugin": "Write the skeleton of a plugin, with its contract.",
}
# They decide whether money moves, how much, and whether it does so once only: empty, as
# of a shell's variable that is not set, they are never taken as not said.
_NEVER_EMPTY = frozenset(
    {
        *("--amount", "--at-most", "--attempt", "--card", "--command-id"),
        *("--expect", "--gateway", "--gateway-id", "--reference"),
    }
)
_ALONE = frozenset(
    {"demo", "states", "schema", "audit", "new-plugin", "serve-webhooks"}
)
# Words for what is done most often -> where it is, and what it is short for.
_SHORT = {
    "sync": ("store_sync:sync", "As stores sync."),
    "queues": ("queues:summary", "As queue summary."),
}
_MODULES = {
    "queue": "queues",
    "local-stock": "local_stock",
    "new-plugin": "new_plugin",
    "serve-webhooks": "serve_webhooks",
}
_HELP = """
The order core of a dropshipping platform, from the shell.

New here? Try `sourcehere demo`.
"""


def make_app(opener: "Opener | None" = None, looker: "Looker | None" = None) -> App:
    """
    Make the tree of commands; modules are imported when their command is used.

    Args:
        opener: Opens the database; as the environment says, if not given.

        looker: Reads its version; the face's own, if not given.
    """
    app = App(
        name="sourcehere",
        help=_HELP,
        version=__version__,
        default_parameter=Parameter(negative="", show_default=_shown_default),
        suppress_keyboard_interrupt=False,
    )
    for place, (name, about) in enumerate(NOUNS.items()):
        target = "run" if name in _ALONE else "app"
        module = _MODULES.get(name, name)
        app.command(
            f"{__package__}.{module}:{target}",
            name=name,
            help=about,
            sort_key=place,
        )
    for name, (target, about) in _SHORT.items():
        app.command(f"{__package__}.{target}", name=name, help=about)
    app.meta.group_parameters = Group("With every command", sort_key=100)
    app.meta.default(_launcher(app, opener, looker))
    return app


def _shown_default(value: object) -> object:
    return value if value not in ("", None, False, ()) else None


def _running() -> ModuleType:
    """
    Import what runs a command when one is run: help needs none of it.
    """
    return import_module(".running", __package__)


def _launcher(
    app: App, opener: "Opener | None", looker: "Looker | None"
) -> Callable[..., int]:
    def launch(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        db: str = "",
        seller: str = "",
        by: Annotated[str, Parameter(name="--as")] = "",
        json: bool = False,
    ) -> int:
        """
        Read what may be said with every command, and run it.

        Args:
            db: The database's URL; else SOURCEHERE_DB, else sqlite:///sourcehere.db.

            seller: Whose data; else SOURCEHERE_SELLER, else the only seller.

            by: Who asks: seller or staff, or staff:NAME; else who usually does it.

            json: One JSON document instead of text; errors too, on standard error.
        """
        command, bound, ignored = app.parse_args(
            tokens, exit_on_error=False, print_error=False
        )
        if command in (app.help_print, app.version_print):
            _tell_whole(app, tokens)
            command(*bound.args, **bound.kwargs)
            return 0
        running = _running()
        said = running.Globals(db=db, seller=seller, by=by, as_json=json)
        ctx = running.context(said, opener, looker)
        ready = partial(command, *bound.args, **bound.kwargs)
        code: int = running.run_command(ready, ctx, is_given="ctx" in ignored)
        return code

    return launch


def _tell_whole(app: App, tokens: Sequence[str]) -> None:
    """
    Let a command that is asked for help say all that its function says; the list of
    commands says in a few words what each is about.
    """
    noun = next((word for word in tokens if not word.startswith("-")), "")
    if noun in NOUNS or noun in _SHORT:
        asked = app[noun]
        if asked.default_command is not None:
            asked.help = None


def _front(app: App) -> App:
    """
    Return what reads the words for every command wherever they stand, and hands on the
    others. `app.meta` would do so, too: it makes the arguments of the command that they
    are for besides, twice, which is most of the time of reading a line.
    """
    return App(
        name="sourcehere",
        default_command=app.meta.default_command,
        version=__version__,
        help_flags=(),
        default_parameter=app.default_parameter,
        suppress_keyboard_interrupt=False,
    )


def _with_dashes(arguments: Sequence[str]) -> list[str]:
    """
    Return *arguments* so that a `-` behind an option is its value.
    """
    found: list[str] = []
    for word in arguments:
        if (
            word == "-"
            and found
            and found[-1].startswith("--")
            and "=" not in found[-1]
        ):
            found[-1] += "=-"
        else:
            found.append(word)
    return found


def _empty_option(arguments: Sequence[str]) -> str:
    """
    Return the first option that may not be empty and is; nothing where none is.
    """
    for word, following in zip(arguments, [*arguments[1:], "-"], strict=True):
        name, is_whole, value = word.partition("=")
        said = value if is_whole else following
        if name in _NEVER_EMPTY and not said.strip():
            return name
    return ""


def run(
    arguments: Sequence[str],
    *,
    opener: "Opener | None" = None,
    looker: "Looker | None" = None,
) -> int:
    """
    Run one command, and return its exit code; only our own bugs show a traceback.
    """
    app, as_json = make_app(opener, looker), "--json" in arguments
    arguments = _with_dashes(arguments)
    if name := _empty_option(arguments):
        words = f"{name} is empty; say what it is, or leave it out"
        unsaid: int = _running().refuse(words, as_json=as_json)
        return unsaid
    if not arguments or arguments[0] in app.help_flags:
        # Plain sentences: what sets Markdown is a quarter of the time to import.
        app.help_format = "plaintext"
    try:
        code = _front(app)(
            list(arguments),
            exit_on_error=False,
            print_error=False,
            result_action="return_value",
        )
    except CycloptsError as error:
        refused: int = _running().refuse(_one_line(error), as_json=as_json)
        return refused
    except SourceHereError as error:
        reported: int = _running().report(error, as_json=as_json)
        return reported
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read along has left; keep the interpreter from flushing again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code if isinstance(code, int) else 0


def _one_line(error: CycloptsError) -> str:
    words = " ".join(str(error).split()).replace(", ...", " and more")
    command = " ".join(["sourcehere", *(error.command_chain or ())])
    return f"{words.rstrip('.')}; `{command} --help` shows how"
