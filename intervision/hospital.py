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
#: Seconds: how long a provider's metadata may take to come, and how long they are kept.
METADATA_WITHIN, METADATA_FOR = 5, 4 * 60 * 60


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
        address = env.str("SAML_METADATA_URL", default="") or env.str("SAML_SIGN_ON_URL")
        providers["saml"] = saml(
            idp=identity_provider(env, entity_id),
            subject=env.str("SAML_SUBJECT", default=""),
            name=env.str("SAML_NAME", default="") or host_of(address),
        )
    return providers


def identity_provider(env: environ.Env, entity_id: str) -> dict[str, Any]:
    """By the address of its metadata, or by where it takes requests and its certificate; not by both."""
    by_hand = [name for name in ("SAML_SIGN_ON_URL", "SAML_CERTIFICATE_FILE") if env.str(name, default="")]
    if address := env.str("SAML_METADATA_URL", default=""):
        if by_hand:
            raise ImproperlyConfigured(
                f"SAML_METADATA_URL takes the place of {' and '.join(by_hand)}; set one"
            )
        return by_metadata(entity_id, address)
    certificate = Path(env.str("SAML_CERTIFICATE_FILE")).read_text()
    return by_certificate(entity_id, env.str("SAML_SIGN_ON_URL"), certificate)


def by_metadata(entity_id: str, address: str) -> dict[str, Any]:
    """Fetched when somebody signs in, and kept for hours. Whoever changed it on its way could sign in as anybody."""
    if urlsplit(address).scheme != "https":
        raise ImproperlyConfigured("SAML_METADATA_URL must begin with https://")
    times = {"metadata_request_timeout": METADATA_WITHIN, "metadata_cache_timeout": METADATA_FOR}
    return {"entity_id": entity_id, "metadata_url": address, **times}


def by_certificate(entity_id: str, sign_on: str, certificate: str) -> dict[str, Any]:
    if "BEGIN CERTIFICATE" not in certificate:
        raise ImproperlyConfigured("SAML_CERTIFICATE_FILE holds no certificate in PEM")
    return {"entity_id": entity_id, "sso_url": sign_on, "x509cert": certificate}


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


def saml(*, idp: dict[str, Any], subject: str, name: str) -> dict[str, Any]:
    """Signed assertions always, and only ones that we asked for. ``subject`` is an attribute; without it the NameID."""
    settings = {
        "idp": idp,
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
    app = {"provider_id": made_from("saml", idp["entity_id"]), "name": name, "client_id": SLUG, "secret": ""}
    return {"APPS": [app | {"settings": settings}]}


def made_from(kind: str, issuer: str) -> str:
    return f"{kind}-{hashlib.sha256(issuer.encode()).hexdigest()[:16]}"


def host_of(address: str) -> str:
    return urlsplit(address).hostname or address


def origins(providers: dict[str, Any]) -> list[str]:
    """Where a form of ours may lead on to: a browser holds the policy also against the redirect that follows."""
    found = [app["settings"] for provider in providers.values() for app in provider["APPS"]]
    addresses = [
        each.get("server_url") or each["idp"].get("sso_url") or each["idp"]["metadata_url"] for each in found
    ]
    return sorted({f"{part.scheme}://{part.netloc}" for part in map(urlsplit, addresses)})
