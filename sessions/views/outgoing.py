"""The step "Messages": everything that was sent and will be, before anybody gets it."""

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from intervision import notices
from outbox import kinds
from outbox.actions.messages import try_again
from outbox.errors import OutboxError
from outbox.models import Message
from outbox.models.message import MessageQuerySet
from programs import steps
from programs.actions import stages
from programs.views.find import program_to_run
from sessions.actions import outgoing

PAGE = 50
SHOWN = {
    "planned": gettext_lazy("Planned"),
    "sent": gettext_lazy("Sent"),
    "undelivered": gettext_lazy("Not delivered"),
    "all": gettext_lazy("All"),
}
State = Message.State


@require_http_methods(["GET", "POST"])
def messages(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    if request.method == "POST":
        steps.remember(program, "messages", "done")
        following = steps.next_after(program, "messages")
        return redirect(
            following.url if following and following.url else reverse("sessions:messages", args=[pk])
        )
    every = outgoing.messages_of(program)
    show = request.GET.get("show", "planned")
    query = request.GET.get("q", "").strip()
    found = outgoing.to_whom(_shown(every, show), program)
    if query:
        found = outgoing.search(found, program, query)
    context = {
        "program": program,
        "step": "messages",
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "show": show if show in SHOWN else "planned",
        "shown": SHOWN.items(),
        "query": query,
        "timeline": _timeline(every),
        "undelivered": every.undelivered().count(),
        "at_start": stages.to_invite(program).count() if program.stage == program.Stage.DRAFT else 0,
    }
    return render(request, "sessions/messages.html", context)


def _shown(every: MessageQuerySet, show: str) -> MessageQuerySet:
    if show == "sent":
        return every.filter(state=State.SENT).order_by("-sent_at", "id")
    if show == "undelivered":
        return every.undelivered().order_by("-due_at", "id")
    if show == "all":
        return every.order_by("-due_at", "id")
    return every.filter(state__in=[State.PENDING, State.LEASED]).order_by("due_at", "id")


def _timeline(every: MessageQuerySet) -> list[dict[str, object]]:
    """What is planned, by kind and moment: how many people get it."""
    planned = every.filter(state__in=[State.PENDING, State.LEASED])
    rows = planned.order_by().values("kind", "due_at__date").annotate(n=Count("pk"), at=Min("due_at"))
    return [
        {"label": _label(row["kind"]), "at": row["at"], "count": row["n"]}
        for row in sorted(rows, key=lambda row: row["at"])
    ]


def _label(kind: str) -> str:
    found = kinds.find(kind)
    return str(found.label) if found else kind


@require_http_methods(["GET"])
def message(request: Request, pk: UUID, message_pk: UUID) -> HttpResponse:
    """How one message reads, as things stand now."""
    program = program_to_run(request.user, pk)
    found = get_object_or_404(outgoing.to_whom(outgoing.messages_of(program), program), pk=message_pk)
    subject, words = outgoing.preview(found)
    context = {"program": program, "step": "messages", "message": found, "subject": subject, "words": words}
    return render(request, "sessions/message.html", context)


@require_http_methods(["POST"])
def take_back(request: Request, pk: UUID, message_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    found = get_object_or_404(outgoing.messages_of(program), pk=message_pk)
    if outgoing.take_back(found):
        undo = reverse("sessions:put-message-back", args=[pk, message_pk])
        notices.done(request, _("Taken back: it is not sent."), undo=undo)
    else:
        notices.done(request, _("This message has left already."))
    return redirect("sessions:messages", pk)


@require_http_methods(["POST"])
def put_back(request: Request, pk: UUID, message_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    found = get_object_or_404(outgoing.messages_of(program), pk=message_pk)
    said = _("Planned again.") if outgoing.put_back(found) else _("Its time has passed; it is not sent.")
    notices.done(request, said)
    return redirect("sessions:messages", pk)


@require_http_methods(["POST"])
def send_again(request: Request, pk: UUID, message_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    found = get_object_or_404(outgoing.messages_of(program), pk=message_pk)
    try:
        try_again(found)
    except OutboxError as error:
        notices.done(request, str(error))
    else:
        notices.done(request, _("On its way again, under the same number, so that it does not count twice."))
    return redirect("sessions:messages", pk)
