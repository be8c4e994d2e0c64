"""Ending one's part in a program, and being forgotten: each page says first what it means."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.access import Request, decided_now, still_you, use_institution
from desk.actions import erasing
from desk.errors import StillInOffice
from desk.forms.erasing import EraseForm
from desk.views.own import person
from intervision import notices
from programs.errors import ProgramsError
from programs.kept import table_of
from programs.own import parts


@require_http_methods(["GET", "POST"])
@still_you
def erase(request: Request) -> HttpResponse:
    user = person(request)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            erasing.erase(user)
        except StillInOffice as refusal:
            form.add_error(None, str(refusal))
        else:
            return erased(request)
    context = {
        "form": form,
        "roles": erasing.in_office(user),
        "parts": parts(user),
        "events": table_of(request.user)["access_events"],
    }
    return render(request, "desk/erase.html", context, status=422 if form.errors else 200)


def erased(request: Request) -> HttpResponse:
    """The last page this person sees, signed out."""
    response = HttpResponse()
    access.end(request, response)
    response.content = render(request, "desk/erased.html").content
    return response


@require_http_methods(["GET", "POST"])
@decided_now
def end_part(request: Request, pk: UUID) -> HttpResponse:
    place = get_object_or_404(parts(request.user), pk=pk)
    use_institution(request, place.program.institution)
    refusal = None
    if request.method == "POST":
        try:
            erasing.end_part(place)
        except ProgramsError as error:
            refusal = error
        else:
            title = place.program.title
            notices.done(request, _("Your part in %(program)s has ended.") % {"program": title})
            return redirect("desk:my-data")
    context = {"place": place, "program": place.program, "refusal": refusal}
    return render(request, "desk/end_part.html", context, status=422 if refusal else 200)
