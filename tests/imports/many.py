"""A file of many customers, one in a thousand of them wrong, and what its import leaves."""

from customers.models import Customer, Identity, InputLog
from tests.imports import steps
from tests.imports.files import csv_file

EVERY = 1_000  # row that is wrong


def rows(number):
    return [f"c{i},Company {i},{'x' if i % EVERY == 7 else i % 50},{i}.50,EU" for i in range(number)]


def customers_file(number):
    return csv_file("Company id,Name,Seats,Monthly revenue,Region", *rows(number))


def state():
    """Return all that an import leaves, in the file's order, without the numbers of rows."""
    company = dict(Identity.objects.filter(kind="company").values_list("customer_id", "value"))
    customers = Customer.objects.values("pk", "name", "seats", "mrr", "attributes", "stage", "provisional")
    inputs = InputLog.objects.values_list("customer_id", "name", "known_on", "number", "text")
    return (
        sorted((company[one.pop("pk")], sorted(one.items(), key=str)) for one in customers),
        sorted((company[pk], *rest) for pk, *rest in inputs),
        Identity.objects.count(),
    )


def checked(number, by):
    job = steps.upload("customers", customers_file(number), by)
    return steps.check(job, [*job.mapping[:-1], "+"])
