from allauth.usersessions.models import UserSession

from accounts import invitations, links
from accounts.actions.invitations import send
from accounts.views.institution import way_back
from tests.access.table import NOT_FOUND, REDIRECT, Row, open_page, own_page
from tests.access.world import House
from tests.factories.accounts import ClosedDayFactory, UserFactory
from tests.factories.links import PersonalLinkFactory


def of_house(house: House) -> dict[str, str]:
    return {"slug": house.institution.slug}


def with_link(house: House) -> dict[str, str]:
    return {"token": links.address_of(PersonalLinkFactory()).split("/")[-2]}


def with_invitation(house: House) -> dict[str, str]:
    invitation = send(UserFactory(), house.institution, invited_by=None)
    return {"token": invitations.address_of(invitation).split("/")[-2]}


def made_up(house: House) -> dict[str, str]:
    return {"token": "made-up"}


def a_contact(house: House) -> dict[str, object]:
    return of_house(house) | {"pk": house.contact.pk}


def a_closed_day(house: House) -> dict[str, object]:
    return of_house(house) | {"pk": ClosedDayFactory(institution=house.institution).pk}


def a_department(house: House) -> dict[str, object]:
    return of_house(house) | {"pk": house.department.pk}


def an_appointment(house: House) -> dict[str, object]:
    return of_house(house) | {"pk": house.director.appointments.get().pk}


def something_removed(house: House) -> dict[str, object]:
    return of_house(house) | {"says": way_back(house.institution, house.contact).split("/")[-2]}


def page(name: str, **changes: object) -> Row:
    """A page of those who see to the house; an intervisor works there but does not."""
    return Row(name, **({"at": of_house, "wrong": "intervisor"} | changes))


def press(name: str, **changes: object) -> Row:
    return page(name, **({"method": "post", "right": REDIRECT} | changes))


def a_sign_in(house: House) -> dict[str, int]:
    user = house.coordinator
    row = UserSession.objects.get_or_create(
        session_key=f"elsewhere-{user.pk.hex[:20]}", defaults={"user": user, "ip": "::1"}
    )
    return {"pk": row[0].pk}


ROWS = [
    own_page("accounts:me"),
    Row("accounts:end-sign-in", at=a_sign_in, method="post", wrong_role=NOT_FOUND, right=REDIRECT),
    own_page("accounts:forget-devices", method="post", status=REDIRECT),
    Row("accounts:my-institution", right=REDIRECT, elsewhere=REDIRECT),
    page("accounts:institution"),
    page("accounts:institution", by="administrator", wrong="director"),
    page("accounts:institution", wrong="resident", wrong_role=404),
    page("accounts:institution-frame"),
    page("accounts:new-contact"),
    page("accounts:contact", at=a_contact),
    press("accounts:remove-contact", at=a_contact),
    page("accounts:new-closed-day"),
    press("accounts:remove-closed-day", at=a_closed_day),
    press("accounts:restore", at=something_removed),
    page("accounts:departments"),
    page("accounts:new-department"),
    page("accounts:department", at=a_department),
    page("accounts:people"),
    page("accounts:invite"),
    press("accounts:send-invitation", at=an_appointment),
    press("accounts:end-appointment", at=an_appointment),
    press("accounts:resume-appointment", at=an_appointment),
    page("accounts:start-over", at=an_appointment),
    press("accounts:start-over", at=an_appointment),
    open_page("accounts:help-list"),
    open_page("accounts:help", at=of_house),
    open_page("accounts:link", at=with_link),
    open_page("accounts:link", at=made_up, status=410),
    open_page("accounts:link", at=with_link, method="post", status=REDIRECT),
    open_page("accounts:link", at=made_up, method="post", status=410),
    open_page("accounts:link-again", at=made_up, method="post", status=REDIRECT),
    open_page("accounts:link-again", at=made_up, status=405),
    open_page("accounts:link-on-its-way"),
    open_page("accounts:ask-for-link"),
    open_page("accounts:ask-for-link", method="post", status=422),
    open_page("accounts:invitation", at=with_invitation),
    open_page("accounts:invitation", at=made_up, status=410),
    open_page("accounts:signed-out"),
    open_page("accounts:security"),
    open_page("account_logout"),
    open_page("account_logout", method="post", status=REDIRECT),
]
