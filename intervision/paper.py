"""Documents of ours, in ``templates``, made into PDF."""

import datetime as dt
import json
from typing import Any

import typst
from django.conf import settings


def pdf(template: str, said: dict[str, Any], *, at: dt.datetime, **more: str) -> bytes:
    """PDF/UA-1, which everybody can read. ``said`` is plain data to the template, never markup.

    A name may hold a sign that our font does not have, which that standard forbids: then the same without its promise.
    """
    source = (settings.BASE_DIR / "templates" / template).read_bytes()
    inputs = {"said": json.dumps(said)} | more
    how: dict[str, Any] = {"format": "pdf", "ignore_system_fonts": True, "timestamp": int(at.timestamp())}
    try:
        made: bytes = typst.compile(source, pdf_standards=["ua-1"], sys_inputs=inputs, **how)
    except typst.TypstError:
        made = typst.compile(source, sys_inputs=inputs, **how)
    return made
