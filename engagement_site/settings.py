"""Settings: everything an operator may change comes from the environment, typed (docs/operate/configure.md)."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from core.db import limits
from engagement_site.api.settings import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401  (Django reads them here)
from engagement_site.environment import data_folder, env, metrics_folder, secret_key
from engagement_site.logs import configuration
from engagement_site.mail.messages import NOTICES, OUTBOX  # noqa: F401
from staff.signing_in.settings import ACCOUNT

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = data_folder(BASE_DIR)

DEBUG = env.flag("DEBUG", False)
SECRET_KEY = secret_key(DATA_DIR)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
HTTPS = env.flag("HTTPS", False)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", [])

# Months of partitions kept ready around today
PARTITION_MONTHS_BACK = 36
PARTITION_MONTHS_AHEAD = 3

# What the company chooses
BASE_CURRENCY = env.currency("BASE_CURRENCY", "EUR")
BUSINESS_TIME_ZONE = env.zone("BUSINESS_TIME_ZONE", "UTC")
PEOPLE_ARE_CUSTOMERS = env.flag("PEOPLE_ARE_CUSTOMERS", False)

# Whose rule a segment is (customers/segments.py): named, because models and verbs do not import what shows
CUSTOMER_FILTER = "desk.list.filters.CustomerFilter"
# The conditions each app offers to segments, as CONDITIONS of these modules, in the order of the builder
SEGMENT_CONDITIONS = (
    "customers.segments.kinds", "events.log.conditions", "scoring.risk.conditions", "surveys.conditions",
    "records.renewals", "playbooks.conditions")  # fmt: skip
# Who is told that a customer changed (customers/change_feed.py); a stage that is not named leaves no rows
CHANGE_STAGES = ("score",)
# The task that is woken for each stage
TASKS_OF_STAGES = {"score": "scoring.tasks.score_changed", "resettle": "events.tasks.resettle"}
# What apps above events note when a contact objects to being scored, or takes it back (events/log/objections.py)
NOTES_OF_OBJECTIONS = ("surveys.answering.inputs.note_of_contacts",)
# What follows when colleagues merge customers or contacts, or undo it, in this order (customers/curation)
STEPS_OF_CUSTOMER_MERGES = (
    "records.leaving.merging.customers", "surveys.answering.merging.customers", "playbooks.merging.customers",
)  # fmt: skip
STEPS_OF_CONTACT_MERGES = (
    "events.log.objections.merged", "records.leaving.merging.contacts", "surveys.answering.merging.contacts",
    "playbooks.merging.contacts",
)  # fmt: skip
# What apps above events note when exchange rates are entered (events/corrections/rates.py)
NOTES_OF_RATES = ("records.due.note_rates",)
# What compares scores before and after a correction (events/corrections/counting.py)
EFFECT_OF_CORRECTIONS = "scoring.what_if.corrections.effect"

INSTALLED_APPS = [
    "engagement_site.administration.config.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "template_partials",
    "anymail",
    "allauth",
    "allauth.account",
    "core",
    "staff",
    "customers",
    "events",
    "records",
    "surveys",
    "scoring",
    "imports",
    "playbooks",
    "desk",
    "engagement_site",
]

MIDDLEWARE = [
    "engagement_site.logs.ids.RequestIds",
    "engagement_site.health.counting.Counted",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "staff.signing_in.required.SignInFirst",
    "staff.own_time_zone.OwnTimeZone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "engagement_site.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "core.notices.bell.bell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "core.templatetags.show"],
            "libraries": {"lucide": "core.templatetags.icons"},
        },
    },
]

# Servers. `engagement_site.embedded` fills in both addresses when nothing is configured.
DATABASES = {
    "default": {
        **env.database("DATABASE_URL", "postgres:///rapport"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
# Which kind of process this is, and how long it may wait and work in PostgreSQL (docs/decisions/0033)
RAPPORT_PROCESS = env.choice("RAPPORT_PROCESS", "command", limits.PROCESSES)
limits.apply(
    DATABASES["default"],
    RAPPORT_PROCESS,
    statement_timeout=env.seconds("DATABASE_STATEMENT_SECONDS", limits.STATEMENT),
    lock_timeout=env.seconds("DATABASE_LOCK_SECONDS", limits.LOCK),
    idle_in_transaction_session_timeout=env.seconds("DATABASE_IDLE_SECONDS", limits.IDLE_IN_TRANSACTION),
)
REDIS_URL = env.redis("REDIS_URL", "redis://127.0.0.1:6379/0")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Signing in
AUTH_USER_MODEL = "staff.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "staff:sign-in"
LOGIN_REDIRECT_URL = "desk:today"
LOGOUT_REDIRECT_URL = "staff:sign-in"
PASSWORD_RESET_TIMEOUT = 7 * 86_400  # seconds; of invitations (staff/signing_in/links.py has those of each link)
CSRF_FAILURE_VIEW = "staff.signing_in.kept_forms.csrf_failed"
globals().update(ACCOUNT)

# Security
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.flag("BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Plain http is refused by the proxy; a redirect here would teach clients to send their keys in the clear.
SECURE_SSL_REDIRECT = False
SILENCED_SYSTEM_CHECKS = ["security.W008"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

# Language and time: days are UTC days everywhere below the pages
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["engagement_site.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = BUSINESS_TIME_ZONE  # instants are shown in it

# The admin's form of a draft sends eight fields for each weight
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# What is uploaded is cut off at the size the pages take, before it reaches memory or disk
FILE_UPLOAD_HANDLERS = [
    "imports.reading.upload.Capped",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Static files
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("inter", BASE_DIR / "node_modules" / "@fontsource-variable" / "inter"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "core.web.static_files.Storage"},
}

# The API for programs (core/api)
API_REQUESTS_PER_MINUTE = env.number("API_REQUESTS_PER_MINUTE", 600, low=1, high=1_000_000)
# Mail. With nothing configured it is written to files, for nobody to be mailed by accident (docs/use/surveys.md)
globals().update(env.mail("EMAIL_URL", DATA_DIR / "mail"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", "") or "Rapport <rapport@localhost>"
EMAIL_TIMEOUT = 20
ANYMAIL = env.starting_with("ANYMAIL_")
MAIL_EVENTS_FROM = env.provider("MAIL_EVENTS_FROM", ANYMAIL)
PUBLIC_ADDRESS = env.origin("PUBLIC_ADDRESS", f"http://localhost:{env.number('PORT', 8000, 1, 65535)}")

REJECTED_DAYS = env.number("REJECTED_DAYS", 90, low=1, high=3_650)  # how long messages that cannot be stored are kept

# Surveys
SURVEY_PAUSE_DAYS = env.number("SURVEY_PAUSE_DAYS", 90, low=0, high=3_650)
SURVEY_REQUESTS_PER_MINUTE = env.number("SURVEY_REQUESTS_PER_MINUTE", 300, low=1, high=1_000_000)

# Celery: PostgreSQL is the truth, Redis only wakes the worker (core/jobs/waking.py)
WAKES_WORKERS = True
CELERY_BROKER_URL = REDIS_URL

# What it tells: lines (engagement_site.logs) and figures (engagement_site.health)
LOGGING = configuration.configuration(
    env.choice("LOG_FORMAT", "plain", configuration.FORMATS), env.choice("LOG_LEVEL", "INFO", configuration.LEVELS)
)
METRICS_DIR = metrics_folder(DATA_DIR)
