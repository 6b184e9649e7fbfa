from core.models.closed_day import ClosedDay
from core.models.currency_rate import CurrencyRate
from core.models.run import Run

__all__ = ["ClosedDay", "CurrencyRate", "Run"]
