"""
What desks answer as the services made it: records that need no view of their own.
"""

from ...services.intake.cancelling import ShopCancelReport as ShopCancelReport
from ...services.intake.listing import ShopProducts as ShopProducts
from ...services.intake.missing import MissingReport as MissingReport
from ...services.intake.reconciling import ReconcileReport as ReconcileReport
from ...services.intake.stock_telling import StockReport as StockReport
from ...services.intake.stock_telling import ToldStock as ToldStock
from ...services.intake.stores import SyncReport as SyncReport
from ...services.ordering.story import TimelineEntry as TimelineEntry
from ...services.pairing.coverage import Coverage as Coverage
from ...services.pairing.suggesting import SuggestionReport as SuggestionReport
from ...services.paying.previewing import LineChange as LineChange
from ...services.platform.queue_counts import QueueCount as QueueCount
from ...services.sending.asking_carriers import TrackingReport as TrackingReport
