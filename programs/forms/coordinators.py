from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class CoordinatorForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.none(), label=_("Who"), empty_label=_("Choose somebody"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = people
