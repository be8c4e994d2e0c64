from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from outbox.mail import link


class Command(BaseCommand):
    help = "Prints what a hospital registers to let its people sign in here."

    def handle(self, *args: Any, **options: Any) -> None:
        providers = settings.SOCIALACCOUNT_PROVIDERS
        if not providers:
            raise CommandError("neither OIDC_ISSUER nor SAML_ENTITY_ID is set")
        for app in providers.get("openid_connect", {}).get("APPS", []):
            address = reverse("openid_connect_callback", args=[app["provider_id"]])
            self.stdout.write(f"OpenID Connect, redirect address: {link(address)}")
        for app in providers.get("saml", {}).get("APPS", []):
            address = reverse("saml_metadata", args=[app["client_id"]])
            self.stdout.write(f"SAML, metadata: {link(address)}")
