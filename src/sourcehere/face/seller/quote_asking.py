"""
Ask for Quote: what a seller wants a source and a price for.
"""

from collections.abc import Sequence

from ...domain.kernel.checks import Link, Prose
from ...domain.kernel.ids import QuoteRequestId
from ...domain.kernel.money import Money
from ...services.pairing.asking import QuoteWish
from ..results import QuoteState
from ..scope import SELLER, Desk, command


class QuoteAskingDesk(Desk):
    """
    Asks for quotes.
    """

    @command(SELLER)
    def ask(
        self,
        order_id: str,
        line: int,
        *,
        link: Link = "",
        pictures: Sequence[Link] = (),
        words: Prose = "",
        quantities: Sequence[int] = (),
        target: Money | None = None,
        command_id: str = "",
    ) -> QuoteState:
        """
        Ask staff to find a source for a line that is not paired; one request is open
        for a variant of a shop at a time.

        Args:
            link: Where the seller saw it.

            pictures: References to pictures of it.

            words: What else there is to say; the first message of its conversation.

            quantities: For how many units prices are wanted.

            target: What a unit may cost, in the seller's currency.

        Raises:
            CommandRefusedError: If a request for the same variant is open.

            InvalidInputError: If the order has no such line, or it is paired.
        """
        wish = QuoteWish(
            order_id=order_id,
            line=line,
            link=link,
            pictures=tuple(pictures),
            words=words,
            quantities=tuple(quantities),
            target_minor=None if target is None else self._minor(target),
        )
        return self._ask(wish, command_id)

    @command(SELLER)
    def ask_for(
        self,
        title: str = "",
        *,
        store_id: str = "",
        sku: str = "",
        link: Link = "",
        pictures: Sequence[Link] = (),
        words: Prose = "",
        quantities: Sequence[int] = (),
        target: Money | None = None,
        command_id: str = "",
    ) -> QuoteState:
        """
        Ask staff for a source and a price before anybody orders: of a variant of a
        shop, or of anything that a title, a link, a picture or words tell.

        Args:
            store_id, sku: The variant of a shop; without them the price that is
                accepted is for every order of the seller's with what was quoted.

            link: Where the seller saw it.

            pictures: References to pictures of it.

            words: What else there is to say; the first message of its conversation.

            quantities: For how many units prices are wanted.

            target: What a unit may cost, in the seller's currency.

        Raises:
            NotFoundError: If there is no such shop.

            CommandRefusedError: If a request for the same variant is open.

            InvalidInputError: If nothing is said of the product.
        """
        wish = QuoteWish(
            store_id=store_id,
            sku=sku,
            title=title,
            link=link,
            pictures=tuple(pictures),
            words=words,
            quantities=tuple(quantities),
            target_minor=None if target is None else self._minor(target),
        )
        return self._ask(wish, command_id)

    def _ask(self, wish: QuoteWish, command_id: str) -> QuoteState:
        made = self._app.quotes.ask(
            self._seller_id, wish, by=self._by, command_id=command_id
        )
        return QuoteState(QuoteRequestId(made), "open")

    def _minor(self, amount: Money) -> int:
        currency = self._app.sellers.get(self._seller_id).currency
        return (Money.zero(currency) + amount).minor
