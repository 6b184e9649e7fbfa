"""The versions of a survey: those before it, and those that took its place."""

from surveys.models import Survey

_CHAIN = """
    WITH RECURSIVE back AS (
        SELECT id, before_id FROM surveys_survey WHERE id = %(pk)s
        UNION SELECT one.id, one.before_id FROM surveys_survey AS one JOIN back ON one.id = back.before_id
    ), forth AS (
        SELECT id FROM surveys_survey WHERE id = %(pk)s
        UNION SELECT one.id FROM surveys_survey AS one JOIN forth ON one.before_id = forth.id
    )
    SELECT * FROM surveys_survey WHERE (id IN (SELECT id FROM back) OR id IN (SELECT id FROM forth))
        AND status <> 'draft' ORDER BY version
"""


def all_versions(survey: Survey) -> list[Survey]:
    """Return all versions that ran, the first one first. One query, however many."""
    return list(Survey.objects.raw(_CHAIN, {"pk": survey.pk}))
