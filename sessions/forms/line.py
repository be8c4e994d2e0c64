from django import forms
from django.utils.translation import gettext_lazy as _

from vault.forms import SealedTextField


class LineForm(forms.Form):
    hide_optional = True

    line = SealedTextField("private_line", label=_("What do you want to remember?"), required=False)
