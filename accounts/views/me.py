from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from accounts.forms.me import MeForm
from accounts.models import User
from intervision import notices


@require_http_methods(["GET", "POST"])
def edit_me(request: Request) -> HttpResponse:
    """One's own name and language. A language chosen here holds, so the switch of this browser is undone."""
    form = MeForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if form.is_valid():
        form.save()
        notices.done(request, _("Saved."))
        response = redirect("accounts:me")
        if "language" in form.changed_data:
            response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return response
    context = {"form": form, "hospitals": settings.SOCIALACCOUNT_PROVIDERS}
    return render(request, "accounts/me.html", context, status=422 if form.errors else 200)
