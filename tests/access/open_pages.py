"""The pages that stand open to everybody."""

from tests.access.table import Row

ROWS: list[Row] = []

OPEN = {
    "desk:home",
    "alive",
    "ready",
    "set_language",
    "theme",
    # signing in and out
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    # signing in at the hospital, and coming back
    "openid_connect_login",
    "openid_connect_callback",
    "saml_login",
    "saml_acs",
    "saml_finish_acs",
    "saml_metadata",
    "saml_sls",
    "socialaccount_login_cancelled",
    # somebody in need, invited, or with a link
    "accounts:ask-for-link",
    "accounts:help",
    "accounts:help-list",
    "accounts:invitation",
    "accounts:link",
    "accounts:link-again",
    "accounts:link-on-its-way",
    "accounts:signed-out",
    "accounts:security",
    "concerns:follow",
    "surveys:climate-answer",
    # coming in by oneself
    "programs:open",
    "joining:program",
    "joining:sent",
    "joining:confirm",
}
