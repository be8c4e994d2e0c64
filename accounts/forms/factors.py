"""allauth's forms for codes, in our words."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as allauth
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from accounts.models import User

#: Seconds; a code is good for ninety, since MFA_TOTP_TOLERANCE is one step to either side.
LONGER_THAN_GOOD = 180
DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric"}


class UsedOnce(forms.Form):
    """Over one of allauth's forms that ask for a code: one stays good for somebody slow, and for nobody after them."""

    user: User

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        digits = "".join(mark for mark in code if mark.isdigit())
        if not cache.add(f"second-factor:{self.user.pk}:{digits}", True, timeout=LONGER_THAN_GOOD):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(UsedOnce, allauth.AuthenticateForm):
    code = forms.CharField(label=_("Code"), max_length=20, widget=forms.TextInput(DIGITS))


class StillYouForm(UsedOnce, allauth.ReauthenticateForm):
    code = forms.CharField(label=_("Code"), max_length=20, widget=forms.TextInput(DIGITS))


class AddAppForm(ActivateTOTPForm):
    code = forms.CharField(label=_("Six digits"), max_length=20, widget=forms.TextInput(DIGITS))
