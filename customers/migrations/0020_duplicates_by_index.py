"""What duplicates are found by. The patterns stand here as they were: an index keeps those it was made with."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Left, Lower, NullIf, Replace, Trim

DROPPED = r"[\u0300-\u036f.'’`´]+"
SIGNS = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+"
LEGAL_FORMS = (
    r"^ *(?:(?:ооо|оао|зао|пао|нао|ао|ип|тоо|тов|sarl|sas|sasu|eurl|sci) )+"
    r"|(?: (?:ug haftungsbeschrankt|private limited|sp z o o|sp z oo|sa de cv|sa rl|a s"
    r"|gmbh|mbh|ggmbh|ag|kg|kgaa|ohg|ug|gbr|eg|ek|ev|se"
    r"|inc|incorporated|llc|llp|lp|ltd|limited|corp|corporation|co|company|plc|pty|pvt|pte|bhd|ltda"
    r"|sa|sas|sasu|sarl|eurl|sci|sl|slu|srl|spa|sro|doo|oy|oyj|ab|aps|as|asa|bv|nv|vof|bvba"
    r"|ооо|оао|зао|пао|нао|ао|ип|тоо|тов))+ *$"
)
HOST = r"^ *(?:[a-z][a-z0-9+.-]*://)?(?:[^/?#@]*@)?(?:www\.)?([^/:?# ]+\.[^/:?#. ]+)"
COMPANIES = Q(provisional=False, kind="company")


def replaced(text, pattern, by):
    return Func(text, Value(pattern), Value(by), Value("g"), function="REGEXP_REPLACE", output_field=TextField())


def part(text, pattern):
    return Func(text, Value(pattern), function="SUBSTRING", output_field=TextField())


FOLDED = Lower(
    replaced(
        replaced(Func(F("name"), function="NORMALIZE", template="%(function)s(%(expressions)s, NFKD)"), DROPPED, ""),
        SIGNS,
        " ",
    )
)
COMPANY_NAME = NullIf(Left(Replace(replaced(FOLDED, LEGAL_FORMS, ""), Value(" "), Value("")), 200), Value(""))


class Migration(migrations.Migration):
    atomic = False  # as making an index beside writers needs
    dependencies = [
        ("customers", "0019_kept_apart"),
    ]

    operations = [
        AddIndexConcurrently(
            "customer",
            models.Index(
                COMPANY_NAME,
                name="company_by_folded_name",
                condition=COMPANIES,
                include=["id", "name", "merged_into", "removed_at"],
            ),
        ),
        AddIndexConcurrently(
            "customer",
            models.Index(
                Left(part(Lower(F("domain")), HOST), 200),
                name="company_by_host",
                condition=COMPANIES,
                include=["id", "domain", "merged_into", "removed_at"],
            ),
        ),
        AddIndexConcurrently(
            "contact",
            models.Index(
                F("customer"),
                part(Left(Trim(FOLDED), 200), "^.+ .+$"),
                name="contact_by_full_name",
                include=["id", "name"],
            ),
        ),
    ]
