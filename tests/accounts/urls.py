"""Our URLs and three views that stand for any room's."""

from django.http import HttpResponse
from django.urls import path
from django.utils import timezone, translation

from accounts.access import open_to_links
from intervision.urls import *  # noqa: F403
from intervision.urls import urlpatterns as ours


def answer(request):
    about = sorted(str(one) for one in request.narrow.about) if request.narrow else []
    return HttpResponse(" ".join([str(request.user), "link" if request.narrow else "full", *about]))


@open_to_links("take_part")
def part(request, pk=None):
    return answer(request)


@open_to_links("guide")
def guide(request):
    return answer(request)


def closed(request):
    return HttpResponse("closed")


@open_to_links("take_part")
def zone(request):
    return HttpResponse(timezone.get_current_timezone_name())


@open_to_links("take_part")
def language(request):
    return HttpResponse(translation.get_language())


urlpatterns = [
    path("zone/", zone),
    path("language-of-page/", language),
    *ours,
    path("open-to-part/", part, name="part"),
    path("open-to-part/<uuid:pk>/", part, name="part-of"),
    path("open-to-guides/", guide, name="guide"),
    path("closed/", closed, name="closed"),
]
