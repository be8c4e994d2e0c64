"""The demonstration's clock. The URL exists only when DEMO is on."""

import datetime as dt

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from intervision import clock, notices
from outbox.actions.messages import kick

STEPS = {"hour": dt.timedelta(hours=1), "day": dt.timedelta(days=1), "week": dt.timedelta(weeks=1)}


class StepForm(forms.Form):
    by = forms.ChoiceField(choices=[(key, key) for key in STEPS])


@login_not_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest) -> HttpResponse:
    """Move the clock forward for everybody, and send what has become due."""
    if not settings.DEMO:
        raise Http404
    form = StepForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        clock.advance(STEPS[form.cleaned_data["by"]])
        kick()
        now = date_format(localtime(clock.now()), "l j F Y, H:i")
        notices.done(request, _("It is now %(now)s. What is due goes out within a minute.") % {"now": now})
        return redirect("clock:move")
    context = {"now": clock.now(), "ahead": clock.read()}
    return render(request, "desk/clock.html", context, status=422 if form.is_bound else 200)
