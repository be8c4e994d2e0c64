"""The application as ``bench.pages`` has it served: ours, or with BARE_FLOOR set the bare floor."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

django.setup()
if os.environ.get("BARE_FLOOR"):
    from bench import floor

    override_settings(**floor.overrides()).enable()
application = WSGIHandler()
