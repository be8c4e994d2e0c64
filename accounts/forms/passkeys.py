"""Passkeys. Whoever sends something else, however it is broken, meets a refusal."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as allauth
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: What the parsers of allauth and fido2 raise over JSON of another shape.
BROKEN = (AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class CredentialField(forms.JSONField):
    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Django expects JSON that does not parse, but no endless number and no endless nesting."""
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """A form shown again asks for a passkey again."""
        return initial


class ShowsPasskey(forms.Form):
    """Over one of allauth's forms that are shown a passkey."""

    credential = CredentialField()

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except BROKEN as error:
            raise get_adapter().validation_error("incorrect_code") from error


class PasskeyForm(ShowsPasskey, allauth.LoginWebAuthnForm):
    pass


class SecondStepPasskeyForm(ShowsPasskey, allauth.AuthenticateWebAuthnForm):
    pass


class StillYouPasskeyForm(ShowsPasskey, allauth.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(allauth.AddWebAuthnForm):
    name = forms.CharField(
        label=_("Name"), required=False, max_length=60, help_text=_("To tell it from others you may add.")
    )
    credential = CredentialField()
    passwordless = forms.BooleanField(
        label=_("Also sign in with it alone, without a password"), required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        try:
            return dict(super().clean())
        except BROKEN as error:
            raise get_adapter().validation_error("incorrect_code") from error


class RenamePasskeyForm(allauth.EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=60)
