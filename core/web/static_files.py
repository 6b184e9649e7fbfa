"""Static files: compressed, under names that carry their hash."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Leave a name as it is when the manifest does not have it: vendors' style sheets name files they do not ship."""

    manifest_strict = False
