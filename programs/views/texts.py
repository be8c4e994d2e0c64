"""What the program is for and what it cannot do: the text every participant reads."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from intervision import clock, notices
from programs import steps
from programs.actions import setup as actions
from programs.errors import StaleText
from programs.forms.setup import TextForm
from programs.models import ProgramText
from programs.views.find import program_to_run


@require_http_methods(["GET", "POST"])
def edit_texts(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    stored = actions.newest_text(program)
    seen = actions.fingerprint(stored)
    data = request.POST if request.method == "POST" else None
    form = TextForm(data, instance=actions.newest_text(program), initial={"seen": seen})
    theirs: ProgramText | None = None
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in actions.TEXT_FIELDS}
        try:
            actions.save_text(program, seen=form.cleaned_data["seen"], values=values)
        except StaleText as error:
            theirs = actions.newest_text(program)
            form.add_error(None, str(error))
            form.data = {**request.POST.dict(), "seen": actions.fingerprint(theirs)}
        else:
            if "publish" in request.POST:
                actions.publish_text(program, at=clock.now())
                notices.done(request, _("Published. Participants read this text from now on."))
            else:
                notices.done(request, _("Saved."))
            following = steps.next_after(program, "frame")
            further = following.url if following and not program.started_at else ""
            return redirect(further or reverse("programs:texts", args=[program.pk]))

    context = {
        "program": program,
        "step": "frame",
        "form": form,
        "stored": stored,
        "theirs": theirs,
        "earlier": program.texts.filter(published_at__isnull=False),
    }
    status = 409 if theirs else 422 if form.errors else 200
    return render(request, "programs/texts.html", context, status=status)
