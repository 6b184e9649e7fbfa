from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    """The Django admin, on our own site."""

    default_site = "engagement_site.administration.site.Site"
