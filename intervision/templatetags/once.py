"""Parts of a page that are the same for many: written once, kept in this process.

``{% once stage=program.stage %}…{% endonce %}`` keeps its content for each language and each value it names. Inside,
nothing of the page is known but those names, so nobody can be shown what was written for somebody else.
"""

import datetime as dt
import uuid
from typing import Any

from django import template
from django.conf import settings
from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.loader_tags import BlockNode
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
#: Contents one tag keeps; then it begins again.
MOST = 1000


class OnceNode(Node):
    #: Django looks for blocks in all of a page's frame each time it shows one; there are none in here.
    child_nodelists = ()

    def __init__(self, names: dict[str, FilterExpression], nodelist: NodeList) -> None:
        self.names, self.nodelist = names, nodelist
        self.kept: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        values = [expression.resolve(context) for expression in self.names.values()]
        key = (settings.ROOT_URLCONF, get_language(), *values)
        found = self.kept.get(key)
        if found is None:
            plain = dict(zip(self.names, map(_plain, values), strict=True))
            found = self.nodelist.render(context.new(plain))
            if len(self.kept) >= MOST:
                self.kept.clear()
            self.kept[key] = found
        return found


def _plain(value: Any) -> Any:
    """``value`` if it is words, a flag, a day, an id or several of those; never trusted to be markup.

    Raises TypeError for anything that could change while it is kept.
    """
    if isinstance(value, tuple):
        plain = [_plain(part) for part in value]
        return type(value)(*plain) if hasattr(value, "_fields") else tuple(plain)
    if isinstance(value, Promise):
        return str(value) + ""
    if isinstance(value, str):
        return value + ""
    if value is None or type(value) in (bool, dt.date, uuid.UUID):
        return value
    raise TypeError(f"{value!r} cannot be kept: name words, flags, days or ids")


@register.tag
def once(parser: Parser, token: Token) -> OnceNode:
    bits = token.split_contents()[1:]
    names = token_kwargs(bits, parser)
    if bits:
        raise TemplateSyntaxError("once takes names with values only")
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(BlockNode):
        raise TemplateSyntaxError("a block another page fills cannot be kept")
    return OnceNode(names, nodelist)
