"""A hospital's own sign-in, by OpenID Connect or SAML, from the environment. docs/operations.md has the variables.

allauth keys an account by provider and subject. The provider's id is made from the issuer here, so that the key is
issuer and subject: another issuer under the same name knows nobody.
"""

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

#: The part of the address that SAML uses, the same whoever the issuer is.
SLUG = "hospital"


def read(env: environ.Env) -> dict[str, Any]:
    """allauth's SOCIALACCOUNT_PROVIDERS."""
    providers: dict[str, Any] = {}
    if issuer := env.str("OIDC_ISSUER", default=""):
        providers["openid_connect"] = openid_connect(
            issuer=issuer,
            client_id=env.str("OIDC_CLIENT_ID"),
            secret=env.str("OIDC_CLIENT_SECRET"),
            name=env.str("OIDC_NAME", default="") or host_of(issuer),
        )
    if entity_id := env.str("SAML_ENTITY_ID", default=""):
        providers["saml"] = saml(
            entity_id=entity_id,
            sign_on=env.str("SAML_SIGN_ON_URL"),
            certificate=Path(env.str("SAML_CERTIFICATE_FILE")).read_text(),
            subject=env.str("SAML_SUBJECT", default=""),
            name=env.str("SAML_NAME", default="") or host_of(env.str("SAML_SIGN_ON_URL")),
        )
    return providers


def openid_connect(*, issuer: str, client_id: str, secret: str, name: str) -> dict[str, Any]:
    """PKCE always; identity from the signed token alone, and only if the issuer is the one that was configured."""
    settings = {
        "server_url": issuer,
        "openid_configuration_overrides": {"issuer": issuer},
        "fetch_userinfo": False,
        "scope": ["openid"],
        "oauth_pkce_enabled": True,
    }
    app = {"provider_id": made_from("oidc", issuer), "name": name, "client_id": client_id, "secret": secret}
    return {"APPS": [app | {"settings": settings}]}


def saml(*, entity_id: str, sign_on: str, certificate: str, subject: str, name: str) -> dict[str, Any]:
    """Signed assertions always, and only ones that we asked for. ``subject`` is an attribute; without it the NameID."""
    if "BEGIN CERTIFICATE" not in certificate:
        raise ImproperlyConfigured("SAML_CERTIFICATE_FILE holds no certificate in PEM")
    settings = {
        "idp": {"entity_id": entity_id, "sso_url": sign_on, "x509cert": certificate},
        "attribute_mapping": {"uid": subject} if subject else {},
        "advanced": {
            "strict": True,
            "want_assertion_signed": True,
            "want_name_id": not subject,
            "want_attribute_statement": bool(subject),
            "reject_idp_initiated_sso": True,
            "allow_single_label_domains": True,  # a name of the house's own network
            "reject_deprecated_algorithm": True,
        },
    }
    app = {"provider_id": made_from("saml", entity_id), "name": name, "client_id": SLUG, "secret": ""}
    return {"APPS": [app | {"settings": settings}]}


def made_from(kind: str, issuer: str) -> str:
    return f"{kind}-{hashlib.sha256(issuer.encode()).hexdigest()[:16]}"


def host_of(address: str) -> str:
    return urlsplit(address).hostname or address


def origins(providers: dict[str, Any]) -> list[str]:
    """Where a form of ours may lead on to: a browser holds the policy also against the redirect that follows."""
    found = [app["settings"] for provider in providers.values() for app in provider["APPS"]]
    addresses = [each.get("server_url") or each["idp"]["sso_url"] for each in found]
    return sorted({f"{part.scheme}://{part.netloc}" for part in map(urlsplit, addresses)})
