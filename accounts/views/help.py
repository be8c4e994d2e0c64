from itertools import groupby

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.http import require_safe

from accounts import access, periods
from accounts.models import Institution

# Neither page writes anything: no log line (intervision.middleware.QUIET), no cookie, no form.


@login_not_required
@require_safe
def help_list(request: HttpRequest) -> HttpResponse:
    with chosen_language(request):
        context = {"houses": Institution.objects.order_by("name"), "languages": settings.LANGUAGES}
        return render(request, "accounts/help_list.html", context)


@login_not_required
@require_safe
def help_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom to call, for oneself and about somebody else."""
    institution = get_object_or_404(Institution, slug=slug)
    access.use_institution(request, institution)
    contacts = institution.help_contacts.order_by("kind", "order", "label_en")
    by_kind = {kind: list(rows) for kind, rows in groupby(contacts, key=lambda contact: contact.kind)}
    context = {
        "house": institution,
        "talk": by_kind.get("talk", []),
        "emergency": by_kind.get("emergency", []),
        "worried": by_kind.get("worried", []),
        "dutch": institution.country == "NL",
        "languages": settings.LANGUAGES,
    }
    with chosen_language(request):
        return render(request, "accounts/help.html", context)


@login_not_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """How what people entrust is kept safe, and what that does not protect against."""
    kept = periods.table(getattr(request, "institution", None))
    return render(request, "accounts/security.html", {"kept": kept.values()})


def chosen_language(request: HttpRequest) -> translation.override:
    """The language in the address, since this page keeps no cookie; else the one it would have anyway."""
    asked = request.GET.get("language", "")
    return translation.override(asked if asked in dict(settings.LANGUAGES) else translation.get_language())
