"""Let the database refuse changes of a published version: admin, shell and bulk updates included."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION scoring_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version bigint;
BEGIN
    IF TG_TABLE_NAME = 'scoring_scoringmodel' THEN
        IF OLD.status = 'draft' THEN
            RETURN COALESCE(NEW, OLD);
        END IF;
        -- The one change a published version knows is to be retired; its author's row may go.
        IF TG_OP = 'UPDATE' AND NEW.status IN ('published', 'retired')
           AND (to_jsonb(NEW) - 'status' - 'retired_at' - 'published_by_id')
             = (to_jsonb(OLD) - 'status' - 'retired_at' - 'published_by_id')
           AND (OLD.status = 'published' OR NEW.status = 'retired') THEN
            RETURN NEW;
        END IF;
        version := OLD.id;
    ELSE
        -- Wait for a publication under way: a weight must not slip into a version while it is being published.
        IF NEW.model_id IS DISTINCT FROM OLD.model_id THEN
            PERFORM 1 FROM scoring_scoringmodel WHERE id = NEW.model_id FOR KEY SHARE;
        END IF;
        -- A row may neither leave a published version nor be moved into one.
        SELECT id INTO version FROM scoring_scoringmodel
        WHERE id IN (OLD.model_id, NEW.model_id) AND status <> 'draft' LIMIT 1;
        IF version IS NULL THEN
            RETURN COALESCE(NEW, OLD);
        END IF;
    END IF;
    RAISE EXCEPTION 'Scoring model version % was published and never changes; edit a draft instead.', version
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER published_never_changes BEFORE UPDATE OR DELETE ON scoring_scoringmodel
    FOR EACH ROW EXECUTE FUNCTION scoring_refuse_change();
CREATE TRIGGER published_never_changes BEFORE INSERT OR UPDATE OR DELETE ON scoring_weight
    FOR EACH ROW EXECUTE FUNCTION scoring_refuse_change();
CREATE TRIGGER published_never_changes BEFORE INSERT OR UPDATE OR DELETE ON scoring_factor
    FOR EACH ROW EXECUTE FUNCTION scoring_refuse_change();
"""

REVERSE = """
DROP TRIGGER published_never_changes ON scoring_factor;
DROP TRIGGER published_never_changes ON scoring_weight;
DROP TRIGGER published_never_changes ON scoring_scoringmodel;
DROP FUNCTION scoring_refuse_change;
"""


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTION, REVERSE)]
