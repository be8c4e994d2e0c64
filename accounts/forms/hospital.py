from typing import Any

from allauth.socialaccount.forms import DisconnectForm
from allauth.socialaccount.models import SocialAccount

from accounts import hospital


class UnlinkForm(DisconnectForm):
    """Offers the accounts at sign-ins that there still are."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [way.sub_id for way in hospital.ways_in(self.request)]
        self.accounts: Any = SocialAccount.objects.filter(user=self.request.user, provider__in=known)
        self.fields["account"].queryset = self.accounts
