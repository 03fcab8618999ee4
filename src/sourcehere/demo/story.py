"""
A shop's orders from sync to refund, step by step; cut off anywhere, it carries on.

Every step asks what is stored and does what is missing. The clock is a function of the
step and the order's number, so that two runs write the same story.
"""

from pathlib import Path

from ..app import App, compose
from ..domain.kernel.clock import ManualClock
from ..services.base.settings import Settings
from .alone import alone_at
from .plan import Plan, make_plan
from .report import Report, make_report
from .selling import Selling
from .stage import BEGIN, SELLER_ID, STORE_ID, WORKER, Options
from .supplying import Supplying


def run(sourcehere: App, clock: ManualClock, options: Options) -> Report:
    """
    Tell the story on an open order core, from wherever it was cut off.

    Raises:
        FileStoreError: If the file cannot be read as a shop's orders.

        DemoUnderWayError: If another process tells the story at the same place.

        InvalidInputError: If the database has other sellers, or the story was begun of
            another file or for another place.
    """
    story = Story(sourcehere, clock, options)
    story.require_place()
    with alone_at(options.out):
        return story.tell()


def open_for_demo(url: str, *, chunk: int = 200) -> tuple[App, ManualClock]:
    """
    Open the order core for the story, with a clock of its own.

    Raises:
        UnknownProviderError: If no plugin serves the URL's scheme.

        SchemaVersionError: If an older or newer release began the story.
    """
    clock = ManualClock(BEGIN)
    settings = Settings(chunk=chunk)
    app = compose(
        url,
        clock=clock,
        settings=settings,
        upgrade=False,
        folder=Path.cwd().anchor,  # all of the disk: no seller wrote these paths
    )
    return app, clock


class Story(Supplying, Selling):
    """
    One telling.
    """

    def tell(self) -> Report:
        """
        Do all steps, and report from what is stored.
        """
        self._at(0)
        self._sh.relay.recover(worker=WORKER)
        platform = self._connect_store()
        plan = make_plan(self._options.path, platform)
        total = len(plan.numbers)
        variants = self._fill_catalogue(plan)
        self._connect_products(plan.connected, variants)
        with self._steps.step("sync", total):
            self._at(1)
            self._sh.stores.sync(SELLER_ID, STORE_ID, progress=self._steps.advance)
        orders = self._orders(plan)
        with self._steps.step("quotes", total):
            self._quote(plan, variants, orders)
        with self._steps.step("stock", 1):
            self._stock(plan, variants)
        for name, day, work in (
            ("pay", 4, self._pay),
            ("ship", 5, self._ship),
            ("deliver", 6, self._deliver),
            ("disputes", 7, self._dispute),
        ):
            with self._steps.step(name, total):
                self._in_chunks(day, orders, work)
        return make_report(self._sh, SELLER_ID, STORE_ID, tuple(self._steps.done))

    def _orders(self, plan: Plan) -> list[tuple[int, str]]:
        found = self._sh.orders.find_external(SELLER_ID, STORE_ID, list(plan.numbers))
        return [(number, found[name][0]) for name, number in plan.numbers.items()]
