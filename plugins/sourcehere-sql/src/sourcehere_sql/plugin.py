"""
What sourcehere is told of this plugin: the URL schemes it opens.
"""

from collections.abc import Iterable

from sourcehere.plugins import hookimpl
from sourcehere.ports.providers import (
    Context,
    ProviderInfo,
    SchemaVersion,
    StorageConfig,
    StorageInfo,
)
from sourcehere.ports.storage import Storage

_SUMMARIES = {
    "sqlite": "One SQLite file, the embedded default",
    "postgresql": "PostgreSQL through psycopg",
    "postgres": "PostgreSQL through psycopg",
    "postgresql+psycopg": "PostgreSQL through psycopg",
}


@hookimpl
def sourcehere_storages() -> Iterable[ProviderInfo[Storage, StorageConfig]]:
    """
    Offer SQLite and PostgreSQL.
    """
    return [
        StorageInfo(scheme, StorageConfig, _open, summary, look=_look)
        for scheme, summary in _SUMMARIES.items()
    ]


def _open(config: StorageConfig, context: Context) -> Storage:
    from .opening import open_storage  # noqa: PLC0415 - SQLAlchemy is heavy

    del context
    return open_storage(config.url, config.tables, upgrade=config.upgrade)


def _look(config: StorageConfig, context: Context) -> SchemaVersion:
    from .opening import look_at_schema  # noqa: PLC0415 - SQLAlchemy is heavy

    del context
    return look_at_schema(config.url)
