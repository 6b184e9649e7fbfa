"""Owners are told what a file gave them, in one notice; who began an import, that it has ended."""

import pytest

from core import notices
from core.models import Notice
from imports import lifecycle
from imports.jobs import running
from imports.models import Import
from staff.models import Role
from tests.conftest import NOW
from tests.core.notices.conftest import texts
from tests.imports import steps
from tests.imports.files import csv_file
from tests.pages import cast

pytestmark = pytest.mark.django_db


def file_for(owner, count):
    return csv_file("Company id,Name,Owner", *(f"c{n},Customer {n},{owner.email}" for n in range(count)))


def test_a_file_of_many_chunks_is_one_notice_for_its_owner(lea, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 2)
    maya = cast.colleague("Maya", Role.CSM)
    body = file_for(maya, 5)
    steps.run(steps.check(steps.upload("customers", body, lea)))
    assert texts(maya) == [f"{lea.name} assigned 5 customers to you"]
    assert texts(lea) == ["The import of “file.csv” has ended"]
    notices.mark_read(maya, [Notice.objects.get(person=maya).pk], now=NOW)
    steps.run(steps.check(steps.upload("customers", body, lea)))
    assert len(texts(maya)) == 1, "nothing changed"


def test_an_import_that_is_given_up_has_ended_too(lea, monkeypatch):
    job = steps.check(steps.upload("customers", file_for(lea, 2), lea))
    lifecycle.start(job)
    Import.objects.filter(pk=job.pk).update(tries=5)
    assert steps.worked(job).state == "failed"
    assert texts(lea) == ["The import of “file.csv” has ended"]


def test_who_leads_no_more_is_not_told_of_imports(lea):
    steps.run(steps.check(steps.upload("customers", file_for(lea, 1), lea)))
    lea.role = Role.CSM
    lea.save(update_fields=["role"])
    assert texts(lea) == []
