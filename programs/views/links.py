"""What a personal link opens is one thing; a page about another is not there."""

from uuid import UUID

from django.http import Http404

from accounts.access import Request


def stay_within(request: Request, *ids: UUID | None) -> None:
    """Raise Http404 where a narrow session asks for something its link is not about. ``ids`` is its subject."""
    if request.narrow is not None and request.narrow.about.isdisjoint(ids):
        raise Http404
