from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.saml import views as allauth
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from allauth.socialaccount.providers.saml.utils import get_app_or_404
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from accounts import saml_metadata

View = Callable[..., HttpResponse]

#: What the parsers raise over something that is no assertion; an XML error is a SyntaxError.
BROKEN = (AttributeError, LookupError, SyntaxError, TypeError, ValueError)


class SaysWhen(SAMLProvider):
    """allauth's, which does not read when somebody signed in there. What says so is signed, and was checked."""

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        document = OneLogin_Saml2_XML.to_etree(data.get_last_response_xml())
        found = OneLogin_Saml2_XML.query(document, "//saml:Assertion/saml:AuthnStatement")
        moments = [OneLogin_Saml2_Utils.parse_SAML_to_time(each.get("AuthnInstant")) for each in found]
        return {"said_at": min(moments, default=None)}


class FinishSayingWhen(allauth.FinishACSView):
    def get_provider(self, organization_slug: str) -> SaysWhen:
        return SaysWhen(self.request, app=self.get_app(organization_slug))


finish_acs = FinishSayingWhen.as_view()


def finish_parsed(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """allauth's, which expects that whatever is posted can be parsed."""
    response: HttpResponse
    try:
        response = finish_acs(request, organization_slug=organization_slug)
    except BROKEN:
        provider = get_app_or_404(request, organization_slug).get_provider(request)
        response = render_authentication_error(request, provider)
    return response


@login_not_required
def no_common_sign_out(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Whoever signs out at the hospital signs out here by themselves; allauth needs the address to exist."""
    raise Http404


def with_metadata(view: View) -> View:
    """Say so in a page of ours when the hospital's metadata cannot be had; signing in here stays as it is."""

    @wraps(view)
    def wrapped(request: HttpRequest, organization_slug: str) -> HttpResponse:
        idp = get_app_or_404(request, organization_slug).settings["idp"]
        if not saml_metadata.are_there(idp):
            return saml_metadata.missing(request)
        return view(request, organization_slug=organization_slug)

    return login_not_required(wrapped)


class OurMetadata(allauth.MetadataView):
    """What the hospital needs of us before it can let anybody in: so it asks nothing of the hospital's."""

    def get_provider(self, organization_slug: str) -> Any:
        provider = super().get_provider(organization_slug)
        unknown = {"entity_id": "", "sso_url": "", "x509cert": ""}
        provider.app.settings = provider.app.settings | {"idp": unknown}
        return provider


login = with_metadata(allauth.login)
finish = with_metadata(finish_parsed)
metadata = login_not_required(OurMetadata.as_view())
