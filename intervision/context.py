from typing import Any

from django.conf import settings
from django.http import HttpRequest

from intervision import clock


def page(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame knows."""
    return {"demo": settings.DEMO, "demo_now": clock.now() if settings.DEMO else None}
