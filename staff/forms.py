from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.web.forms import EntryForm
from staff import own_time_zone


class TimeZoneForm(EntryForm):
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company = _("The company’s: %(zone)s") % {"zone": settings.BUSINESS_TIME_ZONE}
        names = own_time_zone.choices()
        # What a browser or an admin chose may be none of these; saving the form must not change it.
        if (own := self.initial.get("time_zone")) and own not in names:
            names.append(own)
        self.fields["time_zone"].choices = [("", company), *((name, name) for name in names)]  # type: ignore[attr-defined]
