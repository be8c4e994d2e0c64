"""My data: what is kept about whoever asks, who reads it, and everything of it to take away."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import Request, still_you
from accounts.models import User
from desk import own
from intervision import clock
from programs.kept import table_of
from programs.own import parts
from sessions.certificate import places_logged


@require_http_methods(["GET"])
def my_data(request: Request) -> HttpResponse:
    context = {
        "kinds": table_of(request.user).values(),
        "parts": parts(request.user),
        "certificates": places_logged(request.user),
    }
    return render(request, "desk/my_data.html", context)


@require_http_methods(["GET"])
@still_you
def everything(request: Request) -> HttpResponse:
    """All of it on one page, to read and to print."""
    return render(request, "desk/everything.html", all_of(request))


@require_http_methods(["GET"])
@still_you
def everything_page(request: Request) -> HttpResponse:
    """The same as a file that opens in any browser."""
    response = render(request, "desk/everything_file.html", all_of(request))
    response["Content-Disposition"] = attached("html")
    return response


@require_http_methods(["GET"])
@still_you
def everything_json(request: Request) -> HttpResponse:
    user = person(request)
    found = own.as_file(user, own.export(user), table_of(request.user), clock.now())
    response = JsonResponse(found, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = attached("json")
    return response


def all_of(request: Request) -> dict[str, object]:
    user = person(request)
    kinds = own.by_kind(own.export(user), table_of(request.user))
    return {"person": user, "kinds": kinds, "now": clock.now()}


def person(request: Request) -> User:
    user: User = User.objects.get(pk=request.user.pk)
    return user


def attached(ending: str) -> str:
    return f'attachment; filename="intervision-{clock.today().isoformat()}.{ending}"'
