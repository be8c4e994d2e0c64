from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from allauth.mfa import signals

        from accounts import factors, mails

        mails.register()
        signals.authenticator_added.connect(factors.record_added, dispatch_uid="record_added")
        signals.authenticator_removed.connect(factors.record_removed, dispatch_uid="record_removed")
