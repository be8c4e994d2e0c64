from django import forms
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
    """Whose link to mail again. Known or unknown, the answer is the same."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("The one where you get your mails about the program."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    #: The page that somebody was on the way to, as by the code on the guide's screen.
    next = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)
