"""allauth's forms for codes, in our words."""

from allauth.mfa.base import forms as allauth
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric"}


class SecondStepForm(allauth.AuthenticateForm):
    code = forms.CharField(label=_("Code"), max_length=20, widget=forms.TextInput(DIGITS))


class StillYouForm(allauth.ReauthenticateForm):
    code = forms.CharField(label=_("Code"), max_length=20, widget=forms.TextInput(DIGITS))


class AddAppForm(ActivateTOTPForm):
    code = forms.CharField(label=_("Six digits"), max_length=20, widget=forms.TextInput(DIGITS))
