"""allauth's pages, asked by people without a password or a second step: each is about whoever asks."""

from tests.access.table import FORBIDDEN, NOT_FOUND, REDIRECT, Row, open_page, own_page
from tests.access.world import House

#: Open to strangers; whoever is signed in is led away.
ENTRANCE = {"elsewhere": REDIRECT, "wrong_role": REDIRECT, "right": REDIRECT}
KEY = {"uidb36": "a", "key": "b"}


def of_nobody(house: House) -> dict[str, str]:
    """There is no hospital sign-in in these tests; test_hospital_sign_in has one."""
    return {"organization_slug": "hospital"}


ROWS: list[Row] = [
    open_page("account_login", **ENTRANCE),
    open_page("account_signup", **ENTRANCE),
    open_page("account_inactive"),
    open_page("account_email_verification_sent"),
    open_page("account_confirm_email", at=lambda house: {"key": "made-up"}),
    open_page("account_confirm_login_code", status=REDIRECT),
    open_page("account_reset_password"),
    open_page("account_reset_password_done"),
    open_page("account_reset_password_from_key", at=lambda house: KEY),
    open_page("account_reset_password_from_key_done"),
    open_page("mfa_authenticate", status=REDIRECT),
    open_page("mfa_login_webauthn", status=REDIRECT),
    own_page("account_reauthenticate", status=FORBIDDEN),
    own_page("account_email"),
    own_page("account_change_password", status=REDIRECT),
    own_page("account_set_password"),
    own_page("usersessions_list"),
    own_page("socialaccount_connections"),
    own_page("hospital_again", status=FORBIDDEN),
    open_page("socialaccount_login_cancelled"),
    open_page("openid_connect_login", at=lambda house: {"provider_id": "made-up"}, status=NOT_FOUND),
    open_page("openid_connect_callback", at=lambda house: {"provider_id": "made-up"}, status=NOT_FOUND),
    open_page("saml_login", at=of_nobody, status=NOT_FOUND),
    open_page("saml_acs", at=of_nobody, method="post", status=REDIRECT),
    open_page("saml_finish_acs", at=of_nobody, status=NOT_FOUND),
    open_page("saml_metadata", at=of_nobody, status=NOT_FOUND),
    open_page("saml_sls", at=of_nobody, status=NOT_FOUND),
    own_page("mfa_index"),
    own_page("mfa_reauthenticate", status=FORBIDDEN),
    own_page("mfa_activate_totp"),
    own_page("mfa_deactivate_totp", status=NOT_FOUND),
    own_page("mfa_view_recovery_codes", status=NOT_FOUND),
    own_page("mfa_generate_recovery_codes"),
    own_page("mfa_download_recovery_codes", status=NOT_FOUND),
    own_page("mfa_list_webauthn"),
    own_page("mfa_add_webauthn"),
    own_page("mfa_reauthenticate_webauthn", status=FORBIDDEN),
    own_page("mfa_remove_webauthn", at=lambda house: {"pk": 1}, status=NOT_FOUND),
    own_page("mfa_edit_webauthn", at=lambda house: {"pk": 1}, status=NOT_FOUND),
]
