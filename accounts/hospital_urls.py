"""allauth's pages for signing in at a hospital, under its names: without signing up, which nobody does here, and
without signing out by a message of another site."""

from allauth.socialaccount import views as allauth
from allauth.socialaccount.providers.saml import views as allauth_saml
from django.urls import include, path

from accounts.access import hospital_first
from accounts.views import saml
from accounts.views.hospital_again import hospital_again

saml_urls = [
    path("login/", saml.login, name="saml_login"),
    path("acs/", allauth_saml.acs, name="saml_acs"),
    path("acs/finish/", saml.finish, name="saml_finish_acs"),
    path("metadata/", saml.metadata, name="saml_metadata"),
    path("sls/", saml.no_common_sign_out, name="saml_sls"),
]
urlpatterns = [
    path("hospital/", hospital_first(allauth.connections), name="socialaccount_connections"),
    path("hospital/again/", hospital_again, name="hospital_again"),
    path("hospital/stopped/", allauth.login_cancelled, name="socialaccount_login_cancelled"),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("saml/<slug:organization_slug>/", include(saml_urls)),
]
