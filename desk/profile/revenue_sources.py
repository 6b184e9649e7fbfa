"""Why monthly revenue and the contracts that run differ, in words. Pure but for the reader's language."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.show import day, money, number
from customers.described.origins import Setting


@dataclass(frozen=True, slots=True)
class Running:
    """The contracts that run today, in the customer's currency."""

    amount: Decimal = Decimal(0)  # a month, of those in the currency
    contracts: int = 0  # of which a value in the currency is known
    foreign: int = 0  # in another currency
    unknown: int = 0  # without a value


def difference(mrr: Decimal | None, currency: str, running: Running, set_by: Setting | None) -> str:
    """Say how the two differ and where each comes from; empty when they agree, or when no contract has a value."""
    if not running.contracts or mrr == running.amount:
        return ""
    sentences = [_difference(mrr, currency, running, set_by)]
    if running.foreign:
        text = ngettext(
            "%(n)s contract in another currency is not among them.",
            "%(n)s contracts in another currency are not among them.",
            running.foreign,
        )
        sentences.append(text % {"n": number(running.foreign)})
    if running.unknown:
        text = ngettext("%(n)s contract has no value.", "%(n)s contracts have no value.", running.unknown)
        sentences.append(text % {"n": number(running.unknown)})
    return " ".join(sentences)


def _difference(mrr: Decimal | None, currency: str, running: Running, set_by: Setting | None) -> str:
    words = {"contracts": money(running.amount, currency), "mrr": money(mrr, currency)}
    if mrr is None:
        return _("The contracts that run add up to %(contracts)s a month; no monthly revenue is known.") % words
    if set_by is None:
        return _("The contracts that run add up to %(contracts)s a month, not to %(mrr)s.") % words
    text = _("The contracts that run add up to %(contracts)s a month; %(mrr)s was set on %(day)s by: %(origin)s.")
    return text % {**words, "day": day(set_by.at), "origin": set_by.label}
