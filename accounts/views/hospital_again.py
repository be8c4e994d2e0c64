from typing import Any

from allauth.account.views import BaseReauthenticateView
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from accounts import hospital, once_more
from accounts.access import decided_now


@method_decorator(login_required, name="dispatch")
class HospitalAgain(BaseReauthenticateView):
    """Asks to sign in at the hospital once more; afterwards, whether what was sent before is to go on.

    It goes on by a button and not by coming back, so that nobody does by it what they had left.
    """

    form_class = Form
    template_name = "account/hospital_again.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if once_more.waited_too_long(request):
            once_more.let_go(request)
            return once_more.said(request, "over", status=200)
        if once_more.is_proven(request) and not once_more.waits(request):
            return redirect(self.get_success_url())
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def form_valid(self, form: Form) -> HttpResponse:
        onward = self.get_success_url()
        if chosen := self.request.POST.get("hospital"):
            return self.leave(chosen, onward)
        if not once_more.is_proven(self.request):
            return once_more.ask(onward)
        response: HttpResponse = super().form_valid(form)
        return response

    def leave(self, chosen: str, onward: str) -> HttpResponse:
        if chosen not in {way.provider for way in once_more.ways_of(self.request.user)}:
            raise Http404
        provider = hospital.HospitalAdapter().get_provider(self.request, chosen)
        return once_more.leave(self.request, provider, onward)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        proven = once_more.is_proven(self.request)
        return context | {"proven": proven, "ways": once_more.ways_of(self.request.user)}


hospital_again = require_http_methods(["GET", "POST"])(decided_now(HospitalAgain.as_view()))
