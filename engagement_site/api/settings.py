"""Settings of the API: the toolkit in core/api, and how its description names what several apps define."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "staff.api.authentication.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["staff.api.permissions.MayDoThis"],
    "DEFAULT_THROTTLE_CLASSES": ["core.api.throttling.PerAsker"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsing.Json"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.Schema",
    "DEFAULT_METADATA_CLASS": None,  # what an OPTIONS would tell is in the description
    "EXCEPTION_HANDLER": "core.api.errors.handle",
    "COERCE_DECIMAL_TO_STRING": True,  # money is never a float
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Rapport",
    "DESCRIPTION": "Customers, what they do, how they are, and who needs you today. Guide: docs/integrate/api.md.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "CustomerKind": "customers.models.Kind",
        "FieldOriginKind": "customers.models.FieldOrigin",
        "RestKind": "customers.models.Snooze.Kind",
        "NoteKind": "records.models.Note.Kind",
        "TaskKind": "playbooks.models.TaskKind",
        "TaskOrigin": "playbooks.models.TaskOrigin",
        "TaskState": "playbooks.models.TaskState",
        "NotePurpose": "records.models.Note.Purpose",
        "ForecastCategory": "records.models.RenewalForecast.Category",
        "FactorKind": "scoring.models.FactorKind",
        "Channel": "events.models.Channel",
        "Pulse": "records.models.Pulse",
        "EngagementBand": "scoring.models.EngagementBand",
        "HealthBand": "scoring.models.HealthBand",
        "FactorGroup": "scoring.models.Group",
        "VersionStatus": "scoring.models.Status",
        "SurveyKind": "surveys.kinds.choices",
        "SurveyStatus": "surveys.models.SurveyStatus",
        "InvitationState": "surveys.models.InvitationState",
        "AnswerGroup": "surveys.kinds.group_choices",
        "Via": "surveys.models.Via",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.schema.close",
        "core.api.schema.limits",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "",
    "SWAGGER_UI_SETTINGS": {"persistAuthorization": False, "validatorUrl": None},
}
