"""
Labels: bought once, voided, and printed from where they are kept.
"""

import re
from datetime import timedelta
from typing import Any

from sourcehere import Money
from sourcehere.ports.context import Context
from sourcehere.ports.labels import LabelFile, LabelRequest, SoldLabel

from .amounts import exact
from .asking import CANCEL, RATES, SHIPMENT, Asker
from .config import KarrioConfig, Service
from .consignments import crosses_customs, private_of, rates_of, shipment_of
from .failures import refused
from .files import LabelFiles, NoFolderError, file_of
from .own import Own
from .quotes import rate_of
from .sales import BUYING, VOIDING, Answers

_PRINTING, _FORGETTING = "printing it", "removing its file"
# Packages put it into a path of the carrier's API as it is.
_REFERENCE = re.compile(r"[A-Za-z0-9_.:|~-]*[A-Za-z0-9][A-Za-z0-9_.:|~-]*")


class Labels:
    """
    Sells the labels of one connection.
    """

    def __init__(
        self, config: KarrioConfig, context: Context, asker: Asker, own: Own
    ) -> None:
        self._config, self._context = config, context
        self._asker, self._answers = asker, Answers(config, own)
        folder = context.folder
        self._files = LabelFiles(folder, config.labels_folder, context.connection)

    def buy(self, request: LabelRequest, key: str) -> SoldLabel:
        """
        Buy one. What comes behind the sale is no reason to say that there was none.

        Raises:
            DeclinedError: If nothing was sold, and nothing will be.

            ProviderError: Which kind says whether anything happened.
        """
        service = self._sellable(request)
        quoted = self._quoted(service, request)
        private = private_of(request.to)
        payload = shipment_of(self._config, service, request, key)
        told = self._asker.ask(SHIPMENT, payload, private=private)
        sold = self._answers.sold(service, told, quoted)
        self._keep(sold.reference, told.details)
        return sold

    def void(self, reference: str) -> None:
        """
        Take one back.

        Raises:
            DeclinedError: If the carrier does not.
        """
        _check(VOIDING, reference)
        told = self._asker.ask(CANCEL, {"shipment_identifier": reference})
        trouble = self._answers.not_void(told)
        if trouble is not None:
            raise trouble
        try:
            self._files.forget(reference)
        except (NoFolderError, OSError):
            self._context.logger.warning(
                "the file of a void label could not be removed"
            )

    def forget(self, reference: str) -> None:
        """
        Remove what is kept of one, which names its recipient.

        Raises:
            ProviderError: If it could not be removed.
        """
        try:
            self._files.forget(reference)
        except NoFolderError as error:  # it is another process that keeps files
            raise refused(_FORGETTING, str(error)) from None
        except OSError as error:
            raise refused(_FORGETTING, f"{error.strerror}") from None

    def file(self, reference: str) -> LabelFile:
        """
        Return what is printed.

        Raises:
            DeclinedError: If it is not kept.
        """
        try:
            found = self._files.read(reference)
        except NoFolderError as error:
            raise refused(_PRINTING, str(error)) from None
        if found is None:
            words = "its file is not kept here: it is void, too old, or came with none"
            raise refused(_PRINTING, words)
        return found

    def _sellable(self, request: LabelRequest) -> Service:
        service = self._config.service(request.method)
        if service is None:
            raise refused(BUYING, f"there is no method {request.method!r}")
        self._check_goods(service, request)
        try:
            kept = timedelta(days=self._config.labels_kept_days)
            self._files.ready(self._context.clock.now(), kept)
        except NoFolderError as error:
            raise refused(BUYING, str(error)) from None
        return service

    def _check_goods(self, service: Service, request: LabelRequest) -> None:
        consignment, config = request.consignment, self._config
        taken = sorted(consignment.attributes.intersection(service.refuses))
        if taken:
            raise refused(BUYING, f"it takes no {', '.join(taken)}")
        if consignment.origin and consignment.origin != config.origin.country:
            words = f"it leaves from {consignment.origin}, not {config.origin.country}"
            raise refused(BUYING, words)
        if not crosses_customs(config.origin, request.to):
            return
        if config.customs is None:
            words = "it crosses a border, and nothing says what is declared (customs)"
            raise refused(BUYING, words)
        if not consignment.units:
            raise refused(BUYING, "it crosses a border, and its units are not known")

    def _quoted(self, service: Service, request: LabelRequest) -> Money | None:
        """
        Return the price before the sale, where none is told with it.
        """
        if not self._config.price_from_quote:
            return None
        told = self._asker.ask(RATES, rates_of(self._config, request.consignment))
        trouble = told.trouble()
        if trouble is not None:
            raise trouble
        rate = rate_of(told.details or (), service)
        if rate is None:
            raise refused(BUYING, told.words or "it is not offered for this parcel")
        try:
            return exact(rate.total_charge, rate.currency or self._config.currency)
        except ValueError as error:
            raise refused(BUYING, f"its price: {error}") from None

    def _keep(self, reference: str, details: Any) -> None:
        docs = getattr(details, "docs", None)
        named = ("label", "pdf_label", "zpl_label")
        found = (file_of(getattr(docs, name, None)) for name in named)
        file = next((one for one in found if one is not None), None)
        if file is None:
            self._context.logger.warning("label %s came without a file", reference)
            return
        try:
            self._files.keep(reference, file)
        except OSError as error:
            words = "label %s could not be kept: %s"
            self._context.logger.warning(words, reference, error.strerror)


def _check(doing: str, reference: str) -> None:
    if not _REFERENCE.fullmatch(reference):
        raise refused(doing, "there is no such label")
