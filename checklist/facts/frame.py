"""Facts of the program as a whole: what was decided, and what people read about it."""

import catalogue
from checklist import derivations
from checklist.inputs import Fact
from checklist.rows import Scope, TextRow


def degree_required(scope: Scope) -> Fact:
    return scope.frame.degree_required


def coaching_alongside(scope: Scope) -> Fact:
    return scope.frame.coaching_alongside


def coaching_mode(scope: Scope) -> Fact:
    return scope.frame.coaching_mode or None


def participation_mode(scope: Scope) -> Fact:
    return scope.frame.participation or None


def requires_prior_error(scope: Scope) -> Fact:
    return scope.frame.requires_prior_error


def purpose_limits_parts(scope: Scope) -> Fact:
    """Parts that could be read before the first invitation went out; until then, those Start will publish."""
    if scope.frame.texts is None:
        return None
    published = [text for text in scope.frame.texts if _in_time(text, scope)]
    return any(text.has_purpose for text in published) + any(text.has_limits for text in published)


def _in_time(text: TextRow, scope: Scope) -> bool:
    invited = scope.frame.first_invited_at
    return invited is None or (text.published_at is not None and text.published_at <= invited)


def title_mentions_resilience(scope: Scope) -> Fact:
    """Looks at the name, the description's first paragraph and that of the newest purpose."""
    if not scope.frame.title:
        return None
    newest = scope.frame.texts[0].purposes if scope.frame.texts else ()
    opening = [scope.frame.description, *newest]
    first = "\n".join(text.strip().partition("\n\n")[0] for text in opening)
    return derivations.title_mentions_resilience(scope.frame.title, first, catalogue.load().avoid)
