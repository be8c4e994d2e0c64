"""Answering about the climate by the link in a mail: no account, no name, once."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import speak, use_institution
from intervision import clock
from surveys import invitations
from surveys.actions import climate
from surveys.errors import AnsweredAlready, SurveysError
from surveys.forms import AnswersForm
from surveys.models import ClimateInvitation, ClimateReceipt, ClimateRound
from surveys.views.climate import parts


@login_not_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    invitation = invitations.find(token)
    if invitation is None:
        return render(request, "surveys/climate_link.html", status=410)
    found, now = invitation.stratum.round, clock.now()
    use_institution(request, found.institution)
    speak(request, invitation.user.language if invitation.user else found.institution.language)
    form = AnswersForm(request.POST if request.method == "POST" else None, asked=invitation.stratum.asked)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            climate.answer(invitation, form.given, at=now)
        except AnsweredAlready:
            return redirect("surveys:climate-answer", token)
        except SurveysError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            return redirect("surveys:climate-answer", token)
    closed = found.state == ClimateRound.State.CLOSED
    context = {
        "round": found,
        "stratum": invitation.stratum,
        "form": form,
        "state": _state(invitation),
        "least": found.institution.min_n,
        "parts": parts(found) if closed else [],
    }
    return render(
        request,
        "surveys/climate_answer.html",
        context,
        status=422 if form.errors and status == 200 else status,
    )


def _state(invitation: ClimateInvitation) -> str:
    """over, answered or open."""
    if not invitation.stratum.round.is_open(clock.now()):
        return "over"
    receipts = ClimateReceipt.objects.filter(stratum=invitation.stratum_id, invitation=invitation)
    return "answered" if receipts.exists() else "open"
