"""What addresses with parts need: a notice, an invitation's link, a back-test, what stands below a customer."""

from datetime import date
from typing import Any

from core import notices
from core.models import Notice
from core.notices import Subject
from customers.models import Act, Contact, Customer, Identity, IdentityKind
from playbooks.models import Task
from records.models import Contract, Note
from scoring.backtest import lifecycle, work
from scoring.backtest.outcomes import Kind, Outcome
from scoring.models import ScoringModel
from staff.models import Role, User
from staff.signing_in import links
from tests.conftest import NOW
from tests.pages import cast


def told(people: dict[str, User], customers: dict[str, Customer]) -> dict[str, dict[str, Any]]:
    """Return a notice of the limited colleague, of a customer of theirs; of one they may not see; and none."""
    own, other = customers["their own"], customers["of others"]
    notices.tell("assigned", {people["limited"].pk: [Subject(own.pk)]}, key="own", by=None, now=NOW)
    notices.tell("assigned", {people["limited"].pk: [Subject(other.pk)]}, key="other", by=None, now=NOW)
    ids = dict(Notice.objects.filter(person=people["limited"]).values_list("key", "pk"))
    notices.mark_read(people["limited"], ids.values(), now=NOW)  # a POST there needs no body: again, it writes nothing
    return {
        "their own": {"pk": ids["own"]},
        "of a foreign customer": {"pk": ids["other"]},
        "of nobody": {"pk": 999_999},
    }


def chosen_by_link() -> dict[str, dict[str, Any]]:
    """Return the link of somebody invited, whom no test signs in: that would end it."""
    colleague = cast.colleague("Zoe", Role.VIEWER, invited_at=NOW)
    link = links.link(colleague).rstrip("/").rpartition("/")[2]
    return {"": {"link": link}, "dead": {"link": "1-no-link"}}


def back_test() -> int:
    """Return a back-test that found too little to say anything."""
    asked = lifecycle.start(
        ScoringModel.objects.current(),
        Outcome(Kind.CHURNED, 7),
        [date(2026, 6, 1)],
        judged="health",
        calls=20,
        now=NOW,
        by=None,
    )
    work.go_on(clock=lambda: NOW)
    return asked.pk


def things_of(customer: Customer, author: User) -> dict[str, Any]:
    """Return what stands below a customer by the name of its part in an address."""
    contact = Contact.objects.create(customer=customer, name="Ann", created_at=NOW)
    email = f"ann-{customer.pk}@example.com"
    Identity.objects.create(kind=IdentityKind.EMAIL, value=email, contact=contact)
    contract = Contract.objects.create(
        customer=customer, name="Annual", currency="EUR", starts_on=NOW.date(), renews_on=NOW.date()
    )
    note = Note.objects.create(customer=customer, text="Called", at=NOW, author=author)
    act = Act.objects.create(customer=customer, kind=Act.Kind.DELETION, at=NOW, by=author)
    task = Task.objects.create(customer=customer, title="Call", created_at=NOW)
    return {"contact": contact.pk, "contract": contract.id, "note": note.id, "act": act.pk, "task": task.id}
