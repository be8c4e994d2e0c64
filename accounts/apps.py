from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from allauth.mfa import signals
        from allauth.socialaccount.signals import social_account_added
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from accounts import access, author, factors, hospital, mails

        mails.register()
        signals.authenticator_added.connect(factors.record_added, dispatch_uid="record_added")
        signals.authenticator_removed.connect(factors.record_removed, dispatch_uid="record_removed")
        social_account_added.connect(hospital.drop_others, dispatch_uid="drop_others")
        user_logged_in.connect(access.forget_who_came_before, dispatch_uid="forget_who_came_before")
        user_logged_in.connect(author.comes, dispatch_uid="author_comes")
        user_logged_out.connect(author.leaves, dispatch_uid="author_leaves")
