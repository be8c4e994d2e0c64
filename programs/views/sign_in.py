"""A sign-in of one's own, for whoever came by a link: what only they may read is behind it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import Request, open_to_links
from accounts.actions import invitations
from programs.views.taking_part import own_place


@open_to_links("take_part")
@require_http_methods(["GET", "POST"])
def own_sign_in(request: Request, pk: UUID) -> HttpResponse:
    """Choosing a password goes by a mail of its own: whoever has the link in hand may not have the mailbox."""
    place = own_place(request, pk)
    known = request.user.has_usable_password()
    sent = request.method == "POST" and not known
    if sent:
        invitations.send(request.user, place.program.institution, invited_by=None)
    context = {"place": place, "program": place.program, "known": known, "sent": sent}
    return render(request, "programs/own_sign_in.html", context)
