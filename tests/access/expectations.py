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
staff:password                            200      200      200      200      200      sign-in
staff:forgotten-password                  200      200      200      200      200      200
staff:link-sent                           200      200      200      200      200      200
staff:choose-password, dead               404      404      404      404      404      404
staff:choose-password                     200      200      200      200      200      200
account_login                             200      200      200      200      200      200
account_change_password                   200      200      200      200      200      sign-in
account_reset_password                    200      200      200      200      200      200
staff:time-zone                           200      200      200      200      200      sign-in
set_language                              302      302      302      302      302      302
desk:at-risk                              200      200      200      200      200      sign-in
desk:totals                               200      200      200      200      200      sign-in
desk:snoozed                              200      200      200      200      200      sign-in
desk:assign                               302      302      302      403      302      sign-in
desk:snooze                               302      302      302      403      302      sign-in
desk:handle                               302      302      302      403      302      sign-in
desk:end-snooze                           405      405      405      405      405      sign-in
scoring:score, their own                  200      200      200      200      200      sign-in
scoring:score, of others                  200      200      200      200      404      sign-in
scoring:score, of nobody                  404      404      404      404      404      sign-in
scoring:score-csv, their own              200      200      200      200      200      sign-in
scoring:score-csv, of others              200      200      200      200      404      sign-in
scoring:score-csv, of nobody              404      404      404      404      404      sign-in
scoring:override, their own               200      200      200      403      200      sign-in
scoring:override, of others               200      200      200      403      404      sign-in
scoring:override, of nobody               404      404      404      403      404      sign-in
scoring:models                            200      200      200      200      200      sign-in
scoring:model, of nobody                  404      404      404      404      404      sign-in
scoring:model                             200      200      200      200      200      sign-in
scoring:publish, of nobody                404      403      403      403      403      sign-in
scoring:publish                           404      403      403      403      403      sign-in
scoring:edit, of nobody                   404      403      403      403      403      sign-in
scoring:edit                              404      403      403      403      403      sign-in
scoring:delete, of nobody                 404      403      403      403      403      sign-in
scoring:delete                            404      403      403      403      403      sign-in
scoring:end, of nobody                    404      403      403      403      403      sign-in
scoring:end                               404      403      403      403      403      sign-in
scoring:calibrate, of nobody              404      403      403      403      403      sign-in
scoring:calibrate                         404      403      403      403      403      sign-in
scoring:compare, of nobody                404      404      404      404      404      sign-in
scoring:compare                           200      200      200      200      200      sign-in
scoring:what-if, of nobody                404      404      404      404      404      sign-in
scoring:what-if                           200      200      200      200      200      sign-in
scoring:what-if-csv                       404      404      404      403      404      sign-in
scoring:new-draft                         405      405      405      405      405      sign-in
scoring:copy                              405      405      405      405      405      sign-in
scoring:prepare-what-if                   405      405      405      405      405      sign-in
scoring:keep-try                          405      405      405      405      405      sign-in
scoring:start-back-test, of nobody        404      404      403      403      403      sign-in
scoring:start-back-test                   200      200      403      403      403      sign-in
scoring:cancel-back-test                  405      405      405      405      405      sign-in
scoring:draft-of-back-test                405      405      405      405      405      sign-in
scoring:back-test*, of nobody             404      404      403      403      403      sign-in
scoring:back-test*                        200      200      403      403      403      sign-in
desk:customers                            200      200      200      200      200      sign-in
desk:export                               200      200      200      403      200      sign-in
desk:bulk                                 405      405      405      405      405      sign-in
desk:values                               200      200      200      200      200      sign-in
desk:segments                             200      200      200      200      200      sign-in
desk:segment, their own                   404      404      404      404      200      sign-in
desk:segment, shared                      200      200      404      404      404      sign-in
desk:corrections                          200      403      403      403      403      sign-in
desk:new-correction                       200      403      403      403      403      sign-in
desk:correction, of nobody                404      403      403      403      403      sign-in
desk:correction*                          200      403      403      403      403      sign-in
desk:carry-out-correction                 405      405      405      405      405      sign-in
desk:cancel-correction                    405      405      405      405      405      sign-in
desk:undo-correction                      405      405      405      405      405      sign-in
desk:search                               200      200      200      200      200      sign-in
desk:customer, their own                  200      200      200      200      200      sign-in
desk:customer, of others                  200      200      200      200      404      sign-in
desk:customer, of nobody                  404      404      404      404      404      sign-in
desk:new-customer                         200      200      200      403      200      sign-in
desk:notes, their own                     200      200      200      200      200      sign-in
desk:notes, of others                     200      200      200      200      404      sign-in
desk:notes, of nobody                     404      404      404      404      404      sign-in
desk:answers, their own                   200      200      200      200      200      sign-in
desk:answers, of others                   200      200      200      200      404      sign-in
desk:answers, of nobody                   404      404      404      404      404      sign-in
desk:act, their own                       200      200      200      200      200      sign-in
desk:act, of others                       200      200      200      200      404      sign-in
desk:note, their own                      403      403      200      403      403      sign-in
desk:note, of others                      403      403      200      403      404      sign-in
desk:delete-note, their own               403      403      200      403      403      sign-in
desk:delete-note, of others               403      403      200      403      404      sign-in
desk:*, their own                         200      200      200      403      200      sign-in
desk:*, of others                         200      200      200      403      404      sign-in
desk:*, of nobody                         404      404      404      403      404      sign-in
surveys:list                              200      200      200      200      200      sign-in
surveys:new                               200      200      403      403      403      sign-in
surveys:copy                              405      405      405      405      405      sign-in
surveys:test                              405      405      405      405      405      sign-in
surveys:end-sending                       405      405      405      405      405      sign-in
surveys:survey, of nobody                 404      404      404      404      404      sign-in
surveys:survey*                           200      200      200      200      200      sign-in
surveys:*preview, of nobody               404      404      404      404      404      sign-in
surveys:*preview*                         200      200      200      200      200      sign-in
surveys:send, of nobody                   404      404      404      403      404      sign-in
surveys:send                              200      200      200      403      200      sign-in
surveys:edit, of nobody                   404      404      403      403      403      sign-in
surveys:edit*                             200      200      403      403      403      sign-in
surveys:start, of nobody                  404      404      403      403      403      sign-in
surveys:start                             200      200      403      403      403      sign-in
surveys:close, of nobody                  404      404      403      403      403      sign-in
surveys:close                             200      200      403      403      403      sign-in
surveys:new-version, of nobody            404      404      403      403      403      sign-in
surveys:new-version                       200      200      403      403      403      sign-in
surveys:delete, of nobody                 404      404      403      403      403      sign-in
surveys:delete                            200      200      403      403      403      sign-in
surveys:voice                             200      200      200      200      200      sign-in
surveys:inbox                             200      200      200      200      200      sign-in
surveys:results                           200      200      200      200      200      sign-in
surveys:breakdown                         200      200      200      200      200      sign-in
surveys:comments                          200      200      200      200      200      sign-in
surveys:answers-*                         200      200      200      403      200      sign-in
surveys:close-loop, their own             200      200      200      403      200      sign-in
surveys:close-loop, of others             200      200      200      403      404      sign-in
surveys:reopen-loop                       405      405      405      405      405      sign-in
surveys:theme                             405      405      405      405      405      sign-in
survey-hook                               405      405      405      405      405      405
mail-events                               404      404      404      404      404      404
answer:*, of nobody                       404      404      404      404      404      404
answer:started                            405      405      405      405      405      405
answer:nowhere                            302      302      302      302      302      302
answer:*                                  200      200      200      200      200      200
health:live                               200      200      200      200      200      200
health:ready                              200      200      200      200      200      200
health:detail                             200      403      403      403      403      401
health:metrics                            200      403      403      403      403      401

mail-events                               404      404      404      404      404      404
api:schema                                200      200      200      200      200      200
api:docs                                  200      200      200      200      200      200
api:nowhere                               404      404      404      404      404      404
api:me                                    200      200      200      200      200      401
api:customers                             200      200      200      200      200      401
api:contacts                              200      200      200      200      200      401
api:segments                              200      200      200      200      200      401
api:event-types                           200      200      200      200      200      401
api:event-type                            200      200      200      200      200      401
api:at-risk                               200      200      200      200      200      401
api:scoring-models                        200      200      200      200      200      401
api:scoring-model                         200      200      200      200      200      401
api:what-if, of nobody                    404      404      404      404      404      401
api:what-if                               200      200      200      200      200      401
api:prepare-what-if                       405      405      405      405      405      401
api:colleagues                            200      200      200      200      200      401
api:teams                                 200      200      200      200      200      401
api:surveys                               200      200      200      200      200      401
api:survey                                200      200      200      200      200      401
api:survey-waves                          200      200      200      200      200      401
api:survey-wave                           200      200      200      200      200      401
api:survey-wave-end                       405      405      405      405      405      401
api:survey-invitations                    200      200      200      200      200      401
api:survey-answers, confidential          409      409      409      409      409      401
api:survey-answers                        200      200      200      200      200      401
api:survey-results-by, of nothing         404      404      404      404      404      401
api:survey-results-by                     200      200      200      200      200      401
api:voice                                 200      200      200      200      200      401
api:survey-results                        200      200      200      200      200      401
api:survey-*                              405      405      405      405      405      401
api:answers-waiting                       200      200      200      200      200      401
api:answer-loop, their own                405      405      405      405      405      401
api:answer-loop, of others                405      405      405      405      405      401
api:answer-theme, their own               405      405      405      405      405      401
api:answer-theme, of others               405      405      405      405      405      401
api:answer, confidential                  404      404      404      404      404      401
api:themes                                200      200      200      200      200      401
api:segment, of everybody                 200      200      200      200      200      401
api:segment, of somebody else             404      404      200      404      404      401
api:segment-members, of everybody         200      200      200      200      200      401
api:segment-members, of somebody else     404      404      200      404      404      401
api:snooze*                               405      405      405      405      405      401
api:*-by-id, their own, record            405      405      405      405      405      401
api:*-by-id, of others, record            405      405      405      405      405      401
api:*, of others                          200      200      200      200      404      401
api:*, their own                          200      200      200      200      200      401
imports:start                             405      405      405      405      405      sign-in
imports:sheet                             405      405      405      405      405      sign-in
imports:cancel                            405      405      405      405      405      sign-in
imports:*, of nobody                      404      404      403      403      403      sign-in
imports:columns                           302      302      403      403      403      sign-in
imports:*                                 200      200      403      403      403      sign-in

admin/login/                              sign-in  sign-in  sign-in  sign-in  sign-in  sign-in
admin:login                               sign-in  sign-in  sign-in  sign-in  sign-in  sign-in
admin:logout                              405      403      403      403      403      sign-in
admin:autocomplete                        403      403      403      403      403      sign-in
admin:view_on_site                        404      403      403      403      403      sign-in
admin:index                               200      403      403      403      403      sign-in
admin:health                              200      403      403      403      403      sign-in
admin:app_list                            200      403      403      403      403      sign-in
admin:jsi18n                              200      403      403      403      403      sign-in
admin:password_change                     302      403      403      403      403      sign-in
admin:password_change_done                200      403      403      403      403      sign-in
admin:auth_user_password_change           200      403      403      403      403      sign-in
admin:*_changelist                        200      403      403      403      403      sign-in
admin:*_change                            200      403      403      403      403      sign-in
admin:*_history                           200      403      403      403      403      sign-in
admin:staff_apikey_rotate                 200      403      403      403      403      sign-in
admin:events_eventtype_merge              200      403      403      403      403      sign-in
admin:scoring_scoringmodel_copy           200      403      403      403      403      sign-in
admin:scoring_scoringmodel_event-types    200      403      403      403      403      sign-in

admin:staff_user_add                      200      403      403      403      403      sign-in
admin:staff_team_add                      200      403      403      403      403      sign-in
admin:staff_apikey_add                    200      403      403      403      403      sign-in
admin:events_eventtype_add                200      403      403      403      403      sign-in
admin:surveys_hook_renew                  200      403      403      403      403      sign-in
admin:surveys_hook_add                    200      403      403      403      403      sign-in
admin:core_currencyrate_add               200      403      403      403      403      sign-in
admin:surveys_theme_add                   200      403      403      403      403      sign-in
admin:*_add                               403      403      403      403      403      sign-in

admin:staff_team_delete                   200      403      403      403      403      sign-in
admin:events_eventtype_delete             200      403      403      403      403      sign-in
admin:core_currencyrate_delete            200      403      403      403      403      sign-in
admin:surveys_theme_delete                200      403      403      403      403      sign-in
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
