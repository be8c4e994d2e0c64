from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.saml import views as allauth
from allauth.socialaccount.providers.saml.utils import get_app_or_404
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse

#: What the parsers raise over something that is no assertion; an XML error is a SyntaxError.
BROKEN = (AttributeError, LookupError, SyntaxError, TypeError, ValueError)


@login_not_required
def finish(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """allauth's, which expects that whatever is posted can be parsed."""
    response: HttpResponse
    try:
        response = allauth.finish_acs(request, organization_slug=organization_slug)
    except BROKEN:
        provider = get_app_or_404(request, organization_slug).get_provider(request)
        response = render_authentication_error(request, provider)
    return response


@login_not_required
def no_common_sign_out(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Whoever signs out at the hospital signs out here by themselves; allauth needs the address to exist."""
    raise Http404
