import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "intervision.settings")

CHARSET = re.compile(r";\s*charset\s*\*?\s*=[^;]*", re.IGNORECASE)
answer = get_wsgi_application()

from intervision import health  # noqa: E402  the rooms are loaded by now


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Read everything as UTF-8.

    Django takes the sender's word for the character set, also where it is a codec of another kind (hex, zlib),
    and fails over the query before any middleware is asked.
    """
    health.warn_of_closed_texts()
    environ["CONTENT_TYPE"] = CHARSET.sub("", environ.get("CONTENT_TYPE") or "")
    return answer(environ, start_response)
