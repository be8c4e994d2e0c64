"""Signing in with a passkey. Whoever sends something else, however it is broken, meets a refusal."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError

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


class PasskeyForm(LoginWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()
        except BROKEN as error:
            raise get_adapter().validation_error("incorrect_code") from error
