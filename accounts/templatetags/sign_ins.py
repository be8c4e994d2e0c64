from django import template
from django.template import Context
from django.utils.translation import gettext as _

from accounts import access, hospital
from accounts.models import User

register = template.Library()
#: A browser or system by a word that it, and none before it here, uses for itself.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


@register.simple_tag(takes_context=True)
def ways_in(context: Context, process: str = "login") -> list[dict[str, str]]:
    """The hospital's own sign-ins, each with its name and address."""
    request = context["request"]
    ways = hospital.ways_in(request)
    return [{"name": way.name, "url": way.get_login_url(request, process=process)} for way in ways]


@register.simple_tag
def remembering_browsers(user: User) -> int:
    """How many browsers open ``user``'s personal links without a mail."""
    return access.remembered(user).values("key_hash").distinct().count()


@register.filter
def device(user_agent: str) -> str:
    """ "Firefox, Windows": enough to know one's own browser by."""
    known = [
        next((name for word, name in names.items() if word in user_agent), "")
        for names in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, known)) or _("Another program")
