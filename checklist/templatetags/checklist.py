from django import template

import catalogue

register = template.Library()


@register.filter
def status_word(status: str) -> str:
    return str(catalogue.load().word("status", status))
