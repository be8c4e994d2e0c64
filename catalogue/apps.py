from django.apps import AppConfig
from django.core import checks


class CatalogueConfig(AppConfig):
    name = "catalogue"

    def ready(self) -> None:
        from catalogue.checks import check_catalogue

        checks.register(check_catalogue)
