from django.utils.translation import gettext_lazy as _

from vault.forms import SealedTextField, SealedTextForm


class LineForm(SealedTextForm):
    line = SealedTextField("private_line", label=_("What do you want to remember?"), required=False)
