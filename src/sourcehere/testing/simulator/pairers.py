"""
Sellers and their connections: made, changed, ended, and made anew.
"""

from collections.abc import Sequence
from typing import Any

from ...domain.pairing.rules import MappingRule
from ...domain.pairing.supply import RuleItem
from ...services.pairing.connections import NewConnection
from .cards import CardHolder
from .people import Act
from .world import STORE

_FORGETS = 0.3  # how likely nobody asks what became of a change


class Pairer(CardHolder):
    """
    Somebody of a seller who says what its goods are.
    """

    def pairing_acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do with connections.
        """
        return (
            (30, self._connect),
            (4, self._change_connection),
            (9, self._end_connection),
        )

    def _connect(self) -> None:
        truth, world = self.world.truth, self.world
        newest = list(world.shops[self.seller].orders.values())[-4:]
        sold = [line.sku for order in newest for line in order.lines]
        free = [s for s in sold if not truth.is_connected(self.seller, s)]
        sku = self.one(free)
        if sku is None:
            return
        variant = self.one(list(world.variants.values()))
        rule = MappingRule(sku=sku, items=(RuleItem(variant, self.number(1, 2)),))
        new = NewConnection(store_id=STORE, listing=sku, rules=(rule,))
        self.command(
            "connect",
            lambda app, command: app.pairing.connect(
                self.seller, new, by=self.by, command_id=command
            ),
            lambda told: truth.has_connected(self.seller, sku, told),
        )

    def _some_connection(self) -> Any:
        found = [c for c in self.app.pairing.connections(self.seller) if c.is_active]
        return self.one(found)

    def _change_connection(self) -> None:
        chosen = self._some_connection()
        if chosen is None:
            return
        variant = self.one(list(self.world.variants.values()))
        self.world.truth.changing.add(str(chosen.connection_id))
        rule = MappingRule(sku=chosen.rules[0].sku, items=(RuleItem(variant, 1),))
        self.command(
            "change_connection",
            lambda app, command: app.pairing.change(
                self.seller,
                chosen.connection_id,
                rules=[rule],
                method="",
                by=self.by,
                command_id=command,
            ),
        )
        if self.chance(_FORGETS):  # what it was done for follows by itself
            self.pending = None

    def _end_connection(self) -> None:
        chosen = self._some_connection()
        if chosen is None:
            return
        name = str(chosen.connection_id)
        # Others may be told first that it has ended, and this one is refused then.
        self.world.truth.ending.add(name)
        self.command(
            "end_connection",
            lambda app, command: app.pairing.remove(
                self.seller, name, by=self.by, command_id=command
            ),
            lambda _: self.world.truth.ended.add(name),
        )
        if self.chance(_FORGETS):
            self.pending = None
