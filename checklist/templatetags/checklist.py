from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

import catalogue

register = template.Library()


@register.filter
def status_word(status: str) -> str:
    return str(catalogue.load().word("status", status))


@register.simple_tag
def calculation() -> SafeString:
    """How a score comes about, and what we do not know: the same for every program, so written once a language."""
    return _calculation(get_language() or "")


@lru_cache(maxsize=8)
def _calculation(language: str) -> SafeString:
    return render_to_string("checklist/_calculation.html", {"catalogue": catalogue.load()})
