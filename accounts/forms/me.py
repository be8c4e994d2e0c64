from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class MeForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("name", "language")
        labels = {"name": _("Name"), "language": _("Language")}
        help_texts = {
            "name": _("As others in your programs read it."),
            "language": _("Of your mails, and of these pages unless you switch them above."),
        }
