"""
The plugin that ships with the core: memory storage, file store, rate cards, a payment
gateway to try things with, and the allocation policy that fills what is available.

It has no entry point: the application gives it to its registry, so that it is there in
isolated tests too.
"""

from ..domain.freight.rates import RateCard
from ..domain.kernel.errors import InvalidInputError
from ..plugins import hookimpl
from ..ports.allocation import AllocationPolicy
from ..ports.freight import FreightProvider
from ..ports.payments import PaymentProvider
from ..ports.platforms import StorePlatform
from ..ports.providers import Context, NoConfig, ProviderInfo, StorageConfig
from ..ports.storage import Storage
from .file_config import FileStoreConfig
from .file_store import FileStore, FileStoreWithProducts
from .memory import MemoryStorage
from .policies import FillAll, FillAvailable, FillOrKill, SplitAvailable
from .rate_cards import RateCardProvider
from .sandbox_gateway import SandboxConfig, SandboxGateway


@hookimpl
def sourcehere_storages() -> list[ProviderInfo[Storage, StorageConfig]]:
    """
    Offer `memory://`.
    """
    summary = "Everything in this process, gone when it ends"
    return [ProviderInfo("memory", StorageConfig, _memory_storage, summary)]


@hookimpl
def sourcehere_store_platforms() -> list[ProviderInfo[StorePlatform, FileStoreConfig]]:
    """
    Offer shops that are CSV files.
    """
    summary = "Orders from a CSV file, fulfilments to another"
    return [
        ProviderInfo("file", FileStoreConfig, _file_store, summary, makes=FileStore)
    ]


@hookimpl
def sourcehere_freight_providers() -> list[ProviderInfo[FreightProvider, RateCard]]:
    """
    Offer prices from a card in the configuration.
    """
    summary = "Prices by zone and weight from a rate card"
    return [ProviderInfo("rate_card", RateCard, _rate_card, summary)]


@hookimpl
def sourcehere_payment_providers() -> list[
    ProviderInfo[PaymentProvider, SandboxConfig]
]:
    """
    Offer a gateway that pretends.
    """
    summary = "Pretends to charge cards, to try it out; moves no money"
    return [
        ProviderInfo("sandbox", SandboxConfig, _sandbox, summary, makes=SandboxGateway)
    ]


@hookimpl
def sourcehere_allocation_policies() -> list[ProviderInfo[AllocationPolicy, NoConfig]]:
    """
    Offer the policy of the default settings, one that splits orders, and those that
    serve all of an order from stock or nothing.
    """
    one = "From one warehouse what it has, oldest stock first"
    several = "From as many warehouses as it takes, a parcel from each"
    whole = "From one warehouse that has all of the order, or all sourced directly"
    only = "From one warehouse that has all of the order, or not at all"
    return [
        ProviderInfo("fill_available", NoConfig, _fill_available, one),
        ProviderInfo("split_available", NoConfig, _split_available, several),
        ProviderInfo("fill_all", NoConfig, _fill_all, whole),
        ProviderInfo("fill_or_kill", NoConfig, _fill_or_kill, only),
    ]


def _memory_storage(config: StorageConfig, _: Context) -> Storage:
    if config.url != "memory://":
        # Two of one name would not share anything, as one might expect.
        raise InvalidInputError(
            field="url", value="…", expected="memory:// and no more"
        )
    return MemoryStorage(config.tables)


def _file_store(config: FileStoreConfig, context: Context) -> StorePlatform:
    make = FileStoreWithProducts if config.products_path else FileStore
    return make(config, folder=context.folder)


def _sandbox(config: SandboxConfig, context: Context) -> PaymentProvider:
    return SandboxGateway(config, folder=context.folder, clock=context.clock)


def _rate_card(config: RateCard, _: Context) -> FreightProvider:
    return RateCardProvider(config)


def _fill_available(_: NoConfig, __: Context) -> AllocationPolicy:
    return FillAvailable()


def _split_available(_: NoConfig, __: Context) -> AllocationPolicy:
    return SplitAvailable()


def _fill_all(_: NoConfig, __: Context) -> AllocationPolicy:
    return FillAll()


def _fill_or_kill(_: NoConfig, __: Context) -> AllocationPolicy:
    return FillOrKill()
