from uuid import UUID

from csp.decorators import csp_replace, csp_update
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from intervision import clock
from outbox import jobs, mailbox
from outbox.actions.jobs import stop_and_keep
from outbox.models import Job

LETTERS_PER_PAGE = 50


@require_safe
@vary_on_headers("HX-Request")
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far a piece of long work is: the page, or for htmx the part that changes."""
    return show(request, get_object_or_404(Job.objects.visible_to(request.user), pk=pk))


@require_POST
@vary_on_headers("HX-Request")
def stop_job(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    stop_and_keep(found, at=clock.now())
    if not is_htmx(request):
        return redirect("outbox:job", pk)
    found.refresh_from_db()
    return show(request, found)


def show(request: HttpRequest, found: Job) -> HttpResponse:
    template = "outbox/_job.html" if is_htmx(request) else "outbox/job.html"
    kind = jobs.find(found.kind)
    back = reverse(kind.page, args=[found.about_id]) if kind else None
    return render(request, template, {"job": found, "back": back})


def is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


@login_not_required
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """Everybody's post in a demonstration, newest first; with ``q`` that of one address."""
    names = mailbox.names(to=request.GET.get("q", ""))
    page = Paginator(names, LETTERS_PER_PAGE).get_page(request.GET.get("page"))
    found = [letter for name in page.object_list if (letter := mailbox.read(name))]
    return render(request, "outbox/mailbox.html", {"page": page, "letters": found})


@login_not_required
@require_safe
@csp_update({"frame-src": "'self'"})  # type: ignore[arg-type]  # typed for views without arguments
def letter(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "outbox/letter.html", {"letter": stored(name)})


@login_not_required
@require_safe
@xframe_options_sameorigin
@csp_replace(  # type: ignore[arg-type]
    {
        "style-src": "'unsafe-inline'",
        "frame-ancestors": "'self'",
        "sandbox": ["allow-top-navigation-by-user-activation"],
    }
)
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part in a frame of its own: its styles count, its links open in the whole window, no more."""
    html = stored(name).html
    head, mark, rest = html.partition("<head>")
    return HttpResponse(f'{head}{mark}<base target="_top">{rest}' if mark else html)


def stored(name: str) -> mailbox.Letter:
    found = mailbox.read(name)
    if found is None:
        raise Http404
    return found
