from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class Backend(AuthenticationBackend):
    """Signs in by e-mail address and password, and finds the person with their house in one query."""

    def get_user(self, user_id: Any) -> User | None:
        user: User | None = User.objects.with_house().filter(is_active=True, pk=user_id).first()
        return user
