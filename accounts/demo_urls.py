from django.urls import path

from accounts.views import demo

app_name = "demo"
urlpatterns = [path("", demo.sign_in, name="sign-in")]
