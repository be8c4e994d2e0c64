"""allauth's pages for SAML, under its names, without signing out by a message of another site."""

from allauth.socialaccount.providers.saml import views as allauth
from django.urls import path

from accounts.views import saml

urlpatterns = [
    path("login/", allauth.login, name="saml_login"),
    path("acs/", allauth.acs, name="saml_acs"),
    path("acs/finish/", saml.finish, name="saml_finish_acs"),
    path("metadata/", allauth.metadata, name="saml_metadata"),
    path("sls/", saml.no_common_sign_out, name="saml_sls"),
]
