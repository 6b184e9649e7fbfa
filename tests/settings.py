"""Settings of the tests: the product's own, with fewer partitions and faster passwords."""

from engagement_site.settings import *  # noqa: F403

PARTITION_MONTHS_BACK = 1
PARTITION_MONTHS_AHEAD = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {  # tests need no collected files
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WAKES_WORKERS = False  # the Redis of the tests may be somebody else's as well
SURVEY_REQUESTS_PER_MINUTE = 1_000_000  # the clock stands still, and all tests come from one network
