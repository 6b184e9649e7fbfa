"""Who gets which answer where: one line for each address, the first that fits counts. A new address needs a line.

`*` in a name stands for anything. Answers are statuses of a GET; `sign-in` is a redirect to the sign-in page.
`limited` is a customer success manager of another team who sees only their own customers.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

ROLES = ("admin", "lead", "csm", "viewer", "limited", "nobody")

TABLE = """
address                                   admin    lead     csm      viewer   limited  nobody

start                                     302      302      302      302      302      sign-in
staff:sign-in                             200      200      200      200      200      200
staff:sign-out                            405      405      405      405      405      sign-in
set_language                              302      302      302      302      302      302
scoring:at-risk                           200      200      200      200      200      sign-in
customers:list                            200      200      200      200      200      sign-in
customers:detail, their own               200      200      200      200      200      sign-in
customers:detail, of others               200      200      200      200      404      sign-in
customers:detail, of nobody               404      404      404      404      404      sign-in
events:ingest                             405      405      405      405      405      405

admin/login/                              sign-in  sign-in  sign-in  sign-in  sign-in  sign-in
admin:login                               sign-in  sign-in  sign-in  sign-in  sign-in  sign-in
admin:logout                              405      403      403      403      403      sign-in
admin:autocomplete                        403      403      403      403      403      sign-in
admin:view_on_site                        404      403      403      403      403      sign-in
admin:index                               200      403      403      403      403      sign-in
admin:app_list                            200      403      403      403      403      sign-in
admin:jsi18n                              200      403      403      403      403      sign-in
admin:password_change                     200      403      403      403      403      sign-in
admin:password_change_done                200      403      403      403      403      sign-in
admin:auth_user_password_change           200      403      403      403      403      sign-in
admin:*_changelist                        200      403      403      403      403      sign-in
admin:*_change                            200      403      403      403      403      sign-in
admin:*_history                           200      403      403      403      403      sign-in
admin:scoring_scoringmodel_publish        200      403      403      403      403      sign-in
admin:scoring_scoringmodel_copy           200      403      403      403      403      sign-in
admin:scoring_scoringmodel_event-types    200      403      403      403      403      sign-in

admin:staff_user_add                      200      403      403      403      403      sign-in
admin:staff_team_add                      200      403      403      403      403      sign-in
admin:staff_apikey_add                    200      403      403      403      403      sign-in
admin:events_eventtype_add                200      403      403      403      403      sign-in
admin:core_currencyrate_add               200      403      403      403      403      sign-in
admin:*_add                               403      403      403      403      403      sign-in

admin:staff_team_delete                   200      403      403      403      403      sign-in
admin:events_eventtype_delete             200      403      403      403      403      sign-in
admin:core_currencyrate_delete            200      403      403      403      403      sign-in
admin:scoring_scoringmodel_delete         200      403      403      403      403      sign-in
admin:*_delete                            403      403      403      403      403      sign-in

admin/*/<path:object_id>/                 302      403      403      403      403      sign-in
admin/(?P<url>.*)$                        404      403      403      403      403      sign-in
"""


@dataclass(frozen=True, slots=True)
class Rule:
    pattern: str
    answers: dict[str, str]


def _read() -> list[Rule]:
    header, *lines = [line for line in TABLE.splitlines() if line.strip()]
    assert header.split()[1:] == list(ROLES)
    rows = [line.rsplit(maxsplit=len(ROLES)) for line in lines]
    return [Rule(pattern, dict(zip(ROLES, answers, strict=True))) for pattern, *answers in rows]


RULES = _read()


def rule_for(name: str) -> Rule | None:
    return next((rule for rule in RULES if rule.pattern == name or fnmatchcase(name, rule.pattern)), None)
