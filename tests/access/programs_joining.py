from typing import Any
from uuid import uuid4

from programs import join_links
from programs.actions import joining
from programs.models import Interest
from tests.access.table import NOT_FOUND, OK, REDIRECT, Row, open_page
from tests.access.world import House
from tests.factories.programs import GuideFactory


def a_program(house: House) -> dict[str, Any]:
    return {"pk": house.program.pk}


def open_program(house: House) -> dict[str, Any]:
    house.program.stage, house.program.joining = "recruiting", "both"
    house.program.save()
    return {"key": house.program.join_key}


def known_key(house: House) -> dict[str, Any]:
    return {"key": house.program.join_key}


def confirming(house: House) -> dict[str, Any]:
    open_program(house)
    request = joining.join_request(house.program, "newcomer@example.org", at=house.program.created_at)
    return {"token": join_links.address_of(request).split("/")[-2]}


def made_up(house: House) -> dict[str, Any]:
    return {"token": "made-up"}


def my_place(house: House) -> dict[str, Any]:
    open_program(house)
    house.membership.invited_at = house.program.created_at
    house.membership.save()
    return {"pk": house.membership.pk}


def another_group(house: House) -> dict[str, Any]:
    return {"group": str(GuideFactory(group__program=house.program).group_id)}


def an_interest(house: House) -> dict[str, Any]:
    interest = Interest.objects.create(
        institution=house.institution, name="N", email=f"{uuid4()}@example.org"
    )
    return a_program(house) | {"interest_pk": interest.pk}


def a_member(house: House) -> dict[str, Any]:
    return a_program(house) | {"membership_pk": house.membership.pk}


def a_group(house: House) -> dict[str, Any]:
    return a_program(house) | {"group_pk": house.group.pk}


def a_step(house: House) -> dict[str, Any]:
    before = {"group": str(house.group.pk), "closed": False}
    return a_program(house) | {"step_pk": house.program.undoable_steps.create(kind="close", before=before).pk}


def a_suspended_guide(house: House) -> dict[str, Any]:
    house.guide.suspended_from = house.guide.from_on
    house.guide.save()
    return a_program(house) | {"kind": "guide", "row_pk": house.guide.pk}


def own(name: str, **changes: Any) -> Row:
    """A page about one's own place: nobody else has it, whatever their role."""
    return Row(
        name,
        at=my_place,
        by="resident",
        wrong="coordinator",
        wrong_role=NOT_FOUND,
        **{"take_part": OK} | changes,
    )


ROWS = [
    open_page("programs:open", at=lambda house: {"slug": house.institution.slug}),
    open_page("joining:program", at=open_program),
    open_page("joining:program", at=lambda house: {"key": "made-up"}, status=404),
    open_page("joining:program", at=known_key, status=410),
    open_page("joining:sent", at=known_key),
    open_page("joining:confirm", at=confirming),
    open_page("joining:confirm", at=made_up, status=404),
    Row(
        "joining:enter",
        at=open_program,
        method="post",
        elsewhere=REDIRECT,
        wrong_role=REDIRECT,
        right=REDIRECT,
    ),
    own("joining:groups"),
    own("joining:groups", data=another_group, method="post", take_part=REDIRECT, right=REDIRECT),
    own("joining:wait", method="post", take_part=409, right=409),
    own("joining:stop-waiting", link="take_part", method="post", take_part=REDIRECT, right=REDIRECT),
    own("joining:offer", method="post", take_part=409, right=409),
    Row("programs:joining", at=a_program),
    Row("programs:joining-card", at=a_program),
    Row("programs:joining-code", at=a_program),
    Row("programs:new-join-link", at=a_program, method="post", right=REDIRECT),
    Row("programs:invite-interested", at=a_program, method="post", right=REDIRECT),
    Row("programs:remove-interest", at=an_interest, method="post", right=REDIRECT),
    Row("programs:running", at=a_program),
    Row("programs:undo-change", at=a_step, method="post", right=REDIRECT),
    Row("programs:pause-member", at=a_member),
    Row("programs:resume-member", at=a_member, method="post", right=REDIRECT),
    Row("programs:member-leaves", at=a_member),
    Row("programs:add-member", at=a_group),
    Row("programs:close-group", at=a_group),
    Row("programs:pause-group", at=a_group, method="post", right=REDIRECT),
    Row("programs:ground-rules", at=a_program),
    Row("programs:group-rules", at=a_group),
    Row("programs:suspended", at=a_program),
    Row("programs:reinstate", at=a_suspended_guide, method="post", right=REDIRECT),
    Row("programs:end-assignment", at=a_suspended_guide, method="post", right=REDIRECT),
    Row("programs:asked-about", at=a_program),
    Row("planning:another-guide", at=a_group),
]
