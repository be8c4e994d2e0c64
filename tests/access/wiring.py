from tests.access.table import REDIRECT, open_page

ROWS = [
    open_page("alive"),
    open_page("ready", status=503),  # no tick in the tests
    open_page("set_language", method="post", status=REDIRECT),
    open_page("theme", method="post", status=REDIRECT),
    open_page("theme", status=405),
]
