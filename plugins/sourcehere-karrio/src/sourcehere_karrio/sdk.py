"""
The karrio SDK, imported when it is needed first, and what its import does undone.

It turns off the checks of certificates for all of Python's own HTTP in the process,
takes away the handlers of everybody's loguru and writes to stderr, and would run code
that it finds in `plugins/` of the folder that the process was started in.
"""

import importlib
import logging
import ssl
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs

from .wire import put_under

_HELPERS = "karrio.core.utils.helpers"
_lock = threading.Lock()
_shapes = logging.getLogger("jstruct")  # warns of what it does not know, with values


@attrs.frozen
class Sdk:
    """
    The parts of the SDK that are used.

    Attributes:
        gateways: Carrier's name -> how a gateway to it is made.
    """

    gateways: Any
    lib: Any
    models: Any


def load() -> Sdk:
    """
    Return the SDK; the first time it is imported, which takes half a second.
    """
    with _lock:
        if _HELPERS not in sys.modules:
            with _undone():
                importlib.import_module("karrio.sdk")
                _only_installed(importlib.import_module("karrio.core.plugins"))
                importlib.import_module("karrio.references").collect_providers_data()
        put_under(sys.modules[_HELPERS])
        if _shapes.level == logging.NOTSET:
            _shapes.setLevel(logging.CRITICAL)
    return Sdk(
        gateways=importlib.import_module("karrio.sdk").gateway,
        lib=importlib.import_module("karrio.lib"),
        models=importlib.import_module("karrio.core.models"),
    )


def _only_installed(plugins: Any) -> None:
    plugins.DEFAULT_PLUGINS[:] = plugins.get_custom_plugin_dirs()


@contextmanager
def _undone() -> Iterator[None]:
    images: Any = importlib.import_module("PIL.ImageFile")
    loguru: Any = importlib.import_module("loguru").logger
    certificates = ssl._create_default_https_context  # noqa: SLF001 - karrio sets it
    truncated = images.LOAD_TRUNCATED_IMAGES
    loguru.disable("karrio")  # on DEBUG it writes whole requests
    with warnings.catch_warnings(), _handlers_kept(type(loguru)):
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            ssl._create_default_https_context = certificates  # noqa: SLF001 - see above
            images.LOAD_TRUNCATED_IMAGES = truncated


@contextmanager
def _handlers_kept(logger: Any) -> Iterator[None]:
    kept = logger.remove, logger.add
    logger.remove = logger.add = lambda *_, **__: 0
    try:
        yield
    finally:
        logger.remove, logger.add = kept
