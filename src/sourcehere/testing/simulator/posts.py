"""
Carriers of a run that sell labels: they take their time, lose answers, and keep books.
"""

from datetime import datetime, timedelta
from typing import NoReturn

import attrs

from ...domain.freight.model import FreightAnswer, FreightRequest
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...plugins import hookimpl
from ...plugins.hookspecs import FreightProviderInfo
from ...ports.errors import DeclinedError
from ...ports.freight import FreightProvider
from ...ports.labels import PDF, LabelFile, LabelRequest, SoldLabel
from ...ports.providers import Context, ProviderInfo
from .lines import GatewayFaults, Line
from .scheduler import Scheduler

POST = "simulated_post"
POSTS = ("keyed", "searched")
_ENDLESS = 4_000  # steps
_SOLD_LATE = (
    0.7  # how likely a call that is under way sells what a person found none of
)
_HANDED_IN = 0.2  # how likely a label is taken back no more


@attrs.define
class PostedLabel:
    """
    A label that a carrier sold.

    Attributes:
        key: What it was asked for with.

        is_void: Whether it costs nothing any more.

        is_used: Whether it is taken back no more.

        sold_late_to, sold_late_at: Who was told that it is sold, after a person was
            told that it is not, and at which step; empty for all others. Where they
            die, nobody knows of it.

        is_told: Whether they lived to tell.
    """

    sold: SoldLabel
    key: str
    since: datetime
    is_void: bool = False
    is_used: bool = False
    sold_late_to: str = ""
    sold_late_at: int = 0
    is_told: bool = False


@attrs.define(eq=False)
class SimulatedPost:
    """
    A carrier whose calls take time, during which others go on.

    Attributes:
        key_ttl: For how long the same key is the same label; zero for never.

        labels: What it sold, by its own names: its books.

        forgotten: The names of labels whose files are gone.
    """

    name: str
    line: Line
    key_ttl: timedelta
    labels: dict[str, PostedLabel] = attrs.field(factory=dict)
    forgotten: set[str] = attrs.field(factory=set)
    _denied: set[str] = attrs.field(factory=set)
    _looked_for: dict[str, int] = attrs.field(factory=dict)  # key -> step
    is_pure = True  # it quotes nothing

    def quote(self, request: FreightRequest, /) -> FreightAnswer:
        """
        Offer nothing: a rate card says what freight costs.
        """
        del request
        return FreightAnswer((), ())

    def methods(self) -> tuple[str, ...]:
        """
        List its one method.
        """
        return ("std",)

    def label_key_ttl(self) -> timedelta:
        """
        Say for how long it honours keys.
        """
        return self.key_ttl

    def buy_label(self, request: LabelRequest, /, *, idempotency_key: str) -> SoldLabel:
        """
        Sell a label.

        Raises:
            ProviderError: As the faults say.
        """
        del request
        key, line = idempotency_key, self.line
        began, at = line.scheduler.steps, line.scheduler.clock.now()
        line.begin()
        if line.draws(line.faults.declined) and self.sold_for(key) is None:
            self._decline(key, "no such street")
        if line.draws(line.faults.waits):  # far longer than anybody waits
            line.scheduler.sleep(_ENDLESS)
        line.fail(lambda: self._even_if_refused(key, at))
        if began < self._looked_for.get(key, began) and line.draws(_SOLD_LATE):
            return self._sell_late(key, at)
        return self._sell(key, at)

    def _sell_late(self, key: str, at: datetime) -> SoldLabel:
        """
        Sell what was under way when a person looked and found none.
        """
        self._denied.discard(key)
        sold = self._sell(key, at)
        actor = self.line.scheduler.actor
        label = self.labels[sold.reference]
        label.sold_late_to = actor.name if actor else ""
        label.sold_late_at = self.line.scheduler.steps
        return sold

    def told_late(self, name: str, *, since: int) -> None:
        """
        Keep that somebody lived to tell what they were sold late.
        """
        for label in self.labels.values():
            if label.sold_late_to == name and label.sold_late_at >= since:
                label.is_told = True

    def _even_if_refused(self, key: str, at: datetime) -> None:
        if key not in self._denied:
            self._sell(key, at)

    def _sell(self, key: str, at: datetime) -> SoldLabel:
        if key in self._denied:
            self._decline(key, "it was said that there is none")
        known = self.sold_for(key)
        if known is not None and at < known.since + self.key_ttl:
            return known.sold
        number = len(self.labels) + 1
        made = SoldLabel(
            reference=f"{self.name}-{number}",
            carrier="post",
            tracking_number=f"{self.name}{number:06}",
            price=Money(300 + number, "EUR"),
        )
        self.labels[made.reference] = PostedLabel(made, key, at)
        return made

    def _decline(self, key: str, why: str) -> NoReturn:
        self._denied.add(key)
        raise DeclinedError(provider=POST, detail=why)

    def void_label(self, reference: str, /, *, idempotency_key: str) -> None:
        """
        Take a label back, unless it was handed in.

        Raises:
            ProviderError: As the faults say.
        """
        del idempotency_key
        line = self.line
        line.begin()
        label = self.labels[reference]
        if line.draws(_HANDED_IN) and line.faults.declined and not label.is_void:
            label.is_used = True
        if label.is_used:
            raise DeclinedError(provider=POST, detail="it was handed in")

        def happen() -> None:
            label.is_void = not label.is_used

        line.fail(happen)
        happen()

    def label_file(self, reference: str, /) -> LabelFile:
        """
        Return what is printed.

        Raises:
            ProviderError: As the faults say.
        """
        self.line.ask()
        return LabelFile(f"%PDF-1.4 {reference}".encode(), PDF)

    def forget_label(self, reference: str, /) -> None:
        """
        Keep no file of a label any more.

        Raises:
            ProviderError: As the faults say.
        """
        self.line.begin()
        self.line.fail(lambda: self.forgotten.add(reference))
        self.forgotten.add(reference)

    def sold_for(self, key: str) -> PostedLabel | None:
        """
        Return what was sold first with a key.
        """
        return next((one for one in self.labels.values() if one.key == key), None)

    def looked_up(self, key: str) -> SoldLabel | None:
        """
        Return what was sold with a key; what there is none of is not sold any more,
        unless it is just being sold.
        """
        known = self.sold_for(key)
        if known is None:
            self._denied.add(key)
            self._looked_for[key] = self.line.scheduler.steps
        return None if known is None else known.sold


class SearchedPost(SimulatedPost):
    """
    The same, for one that can be searched by key.
    """

    def find_label(self, idempotency_key: str, /) -> SoldLabel | None:
        """
        Look into its books.

        Raises:
            ProviderError: As the faults say.
        """
        self.line.ask()
        return self.looked_up(idempotency_key)


@frozen
class SimulatedPostConfig:
    """
    What a connection to a simulated carrier says.
    """

    post: str


class SimulatedPosts:
    """
    A plugin that offers the carriers of a run: `keyed` honours keys for a day, and
    cannot be searched; `searched` honours none.
    """

    def __init__(self, scheduler: Scheduler, faults: GatewayFaults) -> None:
        def line() -> Line:
            return Line(scheduler, faults, POST)

        keyed, searched = POSTS
        self.posts: dict[str, SimulatedPost] = {
            keyed: SimulatedPost(keyed, line(), timedelta(days=1)),
            searched: SearchedPost(searched, line(), timedelta(0)),
        }

    @hookimpl
    def sourcehere_freight_providers(self) -> list[FreightProviderInfo]:
        """
        Offer them.
        """
        return [ProviderInfo(POST, SimulatedPostConfig, self._make)]

    def _make(self, config: SimulatedPostConfig, _: Context) -> FreightProvider:
        return self.posts[config.post]
