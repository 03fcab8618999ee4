"""
`sourcehere conversations`.
"""

from typing import Annotated

from cyclopts import App

from ..domain.talk.model import Message, Subject
from ..face.desks import SellerDesk
from ..face.lists import Page
from ..face.records.conversations import ConversationView
from .context import AS_NAMED, Context, Ctx
from .output import Result, Table, table
from .pages import paged
from .references import find_order

app = App(name="conversations")
About = Annotated[Subject, AS_NAMED]


@app.command
def say(
    about: About, subject: str, text: str = "", /, *attachment: str, ctx: Ctx
) -> Result:
    """
    Write a message, as the seller unless --as says staff.

    Args:
        about: order, quote, help or dispute.

        subject: The id of it; an order's number will do.

        text: What to say.

        attachment: Where a file is that goes with it.
    """
    name = _named(ctx, about, subject)
    made = ctx.shop.conversations.say(about, name, text, attachments=attachment)
    return Result(made, ("said",))


@app.command
def show(
    about: About, subject: str, /, *, ctx: Ctx, after: str = "", limit: int = 50
) -> Result:
    """
    Show what was written about something, oldest first.

    Args:
        about: order, quote, help or dispute.

        subject: The id of it; an order's number will do.

        after: Where the page before ended, as it said.

        limit: How many to show, at most 500.
    """
    name = _named(ctx, about, subject)
    found = ctx.shop.conversations.messages(about, name, after=after, limit=limit)
    return paged(found, said_table(found.items))


@app.command(name="list")
def list_all(*, ctx: Ctx, after: str = "", limit: int = 50) -> Result:
    """
    List the seller's conversations, the one with the newest message first.

    Args:
        after: Where the page before ended, as it said.

        limit: How many to show, at most 500.
    """
    found = ctx.shop.conversations.list(after=after, limit=limit)
    return paged(found, conversation_table(found.items))


@app.command
def settle(about: About, subject: str, /, *, ctx: Ctx) -> Result:
    """
    Say, as staff, that the last message needs no answer.

    Args:
        about: order, quote, help or dispute.

        subject: The id of it; an order's number will do.
    """
    name = _named(ctx, about, subject)
    made = ctx.shop_by_staff.conversations.settle(about, name)
    return Result(made, ("settled",))


def all_said(desk: SellerDesk, about: Subject, subject_id: str) -> tuple[Message, ...]:
    """
    Return everything that was written about something.
    """
    found: list[Message] = []
    page = Page[Message]((), "")
    while True:
        page = desk.conversations.messages(
            about, subject_id, after=page.next, limit=500
        )
        found += page
        if not page.next:
            return tuple(found)


def conversation_table(found: tuple[ConversationView, ...]) -> Table:
    """
    Show conversations, a row each.
    """
    return table(
        found,
        {
            "seller": lambda c: c.seller_id,
            "about": lambda c: c.about,
            "id": lambda c: c.subject_id,
            "messages": lambda c: c.messages,
            "last": lambda c: c.last_at,
            "by": lambda c: c.last_by,
            "waits for": lambda c: c.waits_for,
        },
    )


def said_table(said: tuple[Message, ...], *, title: str = "") -> Table:
    """
    Show messages, a row each.
    """
    return table(
        said,
        {
            "at": lambda m: m.written_at,
            "by": lambda m: m.by,
            "text": lambda m: m.text,
            "attachments": lambda m: m.attachments,
            "evidence": lambda m: m.evidence,
        },
        title=title,
    )


def _named(ctx: Context, about: Subject, subject: str) -> str:
    return find_order(ctx, subject) if about is Subject.ORDER else subject
