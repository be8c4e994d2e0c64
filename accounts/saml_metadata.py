"""A hospital's SAML metadata, where they are known by their address: fetched at first use, and kept for some hours.

allauth reads them from the cache under a name of its own and would fetch by itself what is not there, following
redirects and reading without end. So nobody gets to its pages before they are there.
"""

import logging
import threading
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

from accounts.fetching import fetch

log = logging.getLogger(__name__)
MOST = 1024 * 1024
#: Seconds. A server that is away is not asked again by each who comes meanwhile.
FAILED_FOR = 60
#: What is kept is fetched again this long before it leaves, so that nobody waits for it or finds it gone.
EARLY = 60 * 60
#: Held while a document is on its way: whoever comes then does not wait in another thread.
on_its_way = threading.Lock()


def are_there(idp: dict[str, Any]) -> bool:
    """Whether somebody can be sent to ``idp`` and their answer be checked."""
    if "metadata_url" not in idp:
        return True
    kept, fresh, failed = names(idp)
    held = cache.get_many([kept, fresh, failed])
    if fresh in held or failed in held:
        return kept in held
    return renewed(idp) or kept in held


def names(idp: dict[str, Any]) -> tuple[str, str, str]:
    """In the cache: the metadata, as allauth looks for them; that they are new; that they could not be had."""
    kept = f"saml.metadata.{idp['metadata_url']}.{idp['entity_id']}"
    return kept, f"{kept}.fresh", f"{kept}.failed"


def renewed(idp: dict[str, Any]) -> bool:
    """Whether they came just now; not while somebody else waits for them."""
    if not on_its_way.acquire(blocking=False):
        return False
    kept, fresh, failed = names(idp)
    try:
        found = usable(idp)
    except Exception as error:  # the parser raises Exception itself, and the network whatever it likes
        log.error("SAML_METADATA_URL cannot be used", extra={"why": repr(error)[:200]})
        cache.set(failed, True, FAILED_FOR)
        return False
    finally:
        on_its_way.release()
    lasts = idp["metadata_cache_timeout"]
    cache.set(kept, found, lasts)
    cache.set(fresh, True, lasts - EARLY)
    return True


def usable(idp: dict[str, Any]) -> dict[str, Any]:
    """What the document says of this provider. Raises whatever it likes where that is not enough."""
    document = fetch(idp["metadata_url"], within=idp["metadata_request_timeout"], most=MOST)
    found: dict[str, Any] = OneLogin_Saml2_IdPMetadataParser.parse(document, entity_id=idp["entity_id"])
    known = found["idp"]
    if not known["singleSignOnService"]["url"]:
        raise ValueError("nowhere to sign in")
    if not known.keys() & {"x509cert", "x509certMulti"}:
        raise ValueError("no certificate")
    return found


def missing(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/no_metadata.html", status=503)
