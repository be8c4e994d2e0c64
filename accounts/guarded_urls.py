"""allauth's pages that change how somebody signs in, under its names and before its own.

Who has no way here to say that it is still them is asked at their hospital first; allauth asks everybody else, but
not for a first password. What waits meanwhile waits as briefly as on our own pages.
"""

from allauth.account import views as account
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from accounts.access import always_first, hospital_first

urlpatterns = [
    path("email/", hospital_first(account.email), name="account_email"),
    path("password/set/", always_first(account.password_set), name="account_set_password"),
    path("2fa/totp/activate/", hospital_first(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", hospital_first(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", hospital_first(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        hospital_first(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        hospital_first(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("2fa/webauthn/add/", hospital_first(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "2fa/webauthn/keys/<int:pk>/remove/",
        hospital_first(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path(
        "2fa/webauthn/keys/<int:pk>/edit/", hospital_first(webauthn.edit_webauthn), name="mfa_edit_webauthn"
    ),
]
