"""The rings of a whole institution, for its director."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request, use_institution
from accounts.models import Institution
from checklist import drawing, overview, pooling
from checklist.finding import of_layers
from checklist.scoring import Score
from intervision import clock
from surveys import rules
from surveys.releasing import DIRECTOR_GROUPS, DIRECTOR_PEOPLE


@require_http_methods(["GET"])
def house(request: Request, slug: str) -> HttpResponse:
    found = get_object_or_404(Institution.objects.visible_to(request.user), slug=slug)
    if not rules.can_read_house(request.user, found):
        raise PermissionDenied
    use_institution(request, found)
    pooled = pooling.pooled(found, clock.now())
    context = {
        "institution": found,
        "since": pooled.since,
        "groups": DIRECTOR_GROUPS,
        "people": DIRECTOR_PEOPLE,
        **(_shown(pooled.score) if pooled.score else {}),
    }
    return render(request, "checklist/house.html", context)


def _shown(score: Score) -> dict[str, object]:
    return {
        "sentence": of_layers(score),
        "rings": drawing.layer_rings(score, title=_("The conditions of all programs together")),
        "layers": overview.in_words(score),
    }
