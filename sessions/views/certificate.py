from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from accounts.access import Request, use_institution
from intervision import clock
from sessions import certificate


@require_http_methods(["GET"])
def certificate_pdf(request: Request, pk: UUID) -> HttpResponse:
    """One's own certificate for one program. Nobody else has an address for it."""
    place = get_object_or_404(certificate.places_with_one(request.user), pk=pk)
    use_institution(request, place.program.institution)
    headers = {"Content-Disposition": 'attachment; filename="certificate.pdf"'}
    made = certificate.pdf(place, at=clock.now())
    return HttpResponse(made, content_type="application/pdf", headers=headers)
