"""A hospital's SAML metadata, where they are known by their address: fetched at first use, and kept for some hours."""

import logging
from typing import Any

from allauth.socialaccount.providers.saml.utils import fetch_metadata_url_config
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger(__name__)


def are_there(idp: dict[str, Any]) -> bool:
    """Whether somebody can be sent to ``idp`` and their answer be checked; writes down why not."""
    if "metadata_url" not in idp:
        return True
    try:
        known = fetch_metadata_url_config(idp)["idp"]
        usable = bool(known["singleSignOnService"]["url"] and (known.keys() & {"x509cert", "x509certMulti"}))
        why = "" if usable else "no certificate"
    except Exception as error:  # the parser raises Exception itself, and the network whatever it likes
        usable, why = False, repr(error)[:200]
    if not usable:
        log.error("SAML_METADATA_URL cannot be used", extra={"facts": {"why": why}})
    return usable


def missing(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/no_metadata.html", status=503)
