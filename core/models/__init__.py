from core.models.answered import Answered
from core.models.calendar import Calendar
from core.models.closed_day import ClosedDay
from core.models.currency_rate import CurrencyRate
from core.models.notice import Notice, NoticeMute, NoticeSubject
from core.models.outgoing import Delivery, Outgoing
from core.models.run import Run

__all__ = [
    "Answered",
    "Calendar",
    "ClosedDay",
    "CurrencyRate",
    "Delivery",
    "Notice",
    "NoticeMute",
    "NoticeSubject",
    "Outgoing",
    "Run",
]
