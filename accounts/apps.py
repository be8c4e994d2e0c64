from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from allauth.mfa import signals
        from allauth.socialaccount.signals import social_account_added

        from accounts import factors, hospital, mails

        mails.register()
        signals.authenticator_added.connect(factors.record_added, dispatch_uid="record_added")
        signals.authenticator_removed.connect(factors.record_removed, dispatch_uid="record_removed")
        social_account_added.connect(hospital.drop_others, dispatch_uid="drop_others")
