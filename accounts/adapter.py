import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import outbox
from accounts import access, once_more
from accounts.models import User
from intervision import clock
from vault import secrets

#: By allauth's names.
AGAIN = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class AccountAdapter(DefaultAccountAdapter):
    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """Each way to say that it is still you, in our words."""
        found = super().get_reauthentication_methods(user)
        known = [method | {"description": AGAIN.get(method["id"], method["description"])} for method in found]
        if once_more.ways_of(user):
            page = {"id": once_more.PAGE, "url": reverse(once_more.PAGE)}
            known.append(page | {"description": _("Sign in at your hospital")})
        return known

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves: people come by invitation."""
        return False

    def clean_email(self, email: str) -> str:
        """allauth's own forms take an address of any length, and our column does not."""
        MaxLengthValidator(User._meta.get_field("email").max_length)(email)
        return str(super().clean_email(email))

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Nothing leaves for people who were never invited: a password would make them able to sign in."""
        if not user.has_usable_password():
            return
        minute = int(access.real_now().timestamp() // 60)
        key = f"password-reset:{user.pk}:{minute}"
        outbox.enqueue("password-reset", about_id=user.pk, to=user, key=key, at=clock.now())

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        key = f"sign-in-changed:{uuid.uuid4()}"
        outbox.enqueue("sign-in-changed", about_id=user.pk, to=user, key=key, at=clock.now())


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That is not right. Use the newest code, and each code once."),
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:
        there = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)d") % {"number": there + 1} if there else str(_("Passkey"))

    def encrypt(self, text: str) -> str:
        return secrets.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.open(encrypted_text)
