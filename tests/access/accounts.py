from accounts import invitations, links
from accounts.actions.invitations import send
from tests.access.table import REDIRECT, open_page
from tests.access.world import House
from tests.factories.accounts import UserFactory
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


ROWS = [
    open_page("accounts:help-list"),
    open_page("accounts:help", at=of_house),
    open_page("accounts:link", at=with_link),
    open_page("accounts:link", at=made_up, status=410),
    open_page("accounts:link", at=with_link, method="post", status=REDIRECT),
    open_page("accounts:link", at=made_up, method="post", status=410),
    open_page("accounts:link-again", at=made_up, method="post", status=REDIRECT),
    open_page("accounts:link-again", at=made_up, status=405),
    open_page("accounts:link-on-its-way"),
    open_page("accounts:invitation", at=with_invitation),
    open_page("accounts:invitation", at=made_up, status=410),
    open_page("accounts:signed-out"),
    open_page("account_logout"),
    open_page("account_logout", method="post", status=REDIRECT),
]
