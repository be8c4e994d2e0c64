"""How people find their way in: an institution's open programs, and the coordinator's link, code and lists."""

import io
from typing import Any
from uuid import UUID

import segno
from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Request, use_institution
from accounts.models import Institution
from intervision import notices
from programs import join_links
from programs.actions import joining
from programs.forms.joining import InterestForm
from programs.models import Program, WaitingPlace
from programs.views.find import program_to_run

PAGE = 50
OPEN = Q(stage__in=(Program.Stage.RECRUITING, Program.Stage.INTAKES)) & ~Q(joining=Program.Joining.PLACED)
FREE = Count("groups", filter=Q(groups__closed=False, groups__taken__lt=F("groups__places")))


@login_not_required
@require_http_methods(["GET", "POST"])
def open_programs(request: Any, slug: str) -> HttpResponse:
    """Which programs one can join here, and a place to say: tell me about the next round."""
    house = get_object_or_404(Institution, slug=slug)
    use_institution(request, house)
    form = InterestForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not ratelimit.consume(request, action="interest"):
            form.add_error(None, _("Very many people at once. Please wait a minute and try again."))
        else:
            joining.note_interest(house, **form.cleaned_data, language=get_language() or "nl")
            notices.done(request, _("Noted. You get a mail when the next round opens, and nothing else."))
            return redirect("programs:open", slug)
    programs = house.programs.filter(OPEN).annotate(free_groups=FREE).order_by("starts_on", "title")
    page = Paginator(programs, PAGE).get_page(request.GET.get("page"))
    context = {"house": house, "page": page, "form": form}
    return render(request, "programs/open_programs.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET"])
def way_in(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    waiting = WaitingPlace.objects.waiting(WaitingPlace.Kind.GROUP).filter(program=program)
    interests = Paginator(program.institution.interests.all(), PAGE).get_page(request.GET.get("page"))
    context = {
        "program": program,
        "institution": program.institution,
        "address": join_links.public_address(program),
        "waiting": waiting.select_related("membership__user", "group"),
        "page": interests,
    }
    return render(request, "programs/joining.html", context)


@require_http_methods(["GET"])
def card(request: Request, pk: UUID) -> HttpResponse:
    """To print and hang up: what it is, the code, and the address in letters."""
    program = program_to_run(request.user, pk)
    context = {"program": program, "address": join_links.public_address(program)}
    return render(request, "programs/joining_card.html", context)


@require_http_methods(["GET"])
def code(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    picture = io.BytesIO()
    segno.make(join_links.public_address(program), error="m").save(
        picture, kind="svg", scale=8, border=4, light="#fff"
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@require_POST
def new_key(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    joining.renew_key(program)
    notices.done(request, _("There is a new link. The old one, and codes printed from it, lead nowhere now."))
    return redirect("programs:joining", pk)


@require_POST
def invite_interested(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    if not program.is_open_to_join:
        notices.done(request, _("Nothing was sent: nobody can join this program by themselves now."))
        return redirect("programs:joining", pk)
    count = joining.invite_interested(program)
    said = ngettext("A mail goes to %(count)s person.", "A mail goes to %(count)s people.", count)
    notices.done(request, said % {"count": count})
    return redirect("programs:joining", pk)


@require_POST
def remove_interest(request: Request, pk: UUID, interest_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    get_object_or_404(program.institution.interests, pk=interest_pk).delete()
    notices.done(request, _("Taken off the list."))
    return redirect("programs:joining", pk)
