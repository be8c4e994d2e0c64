"""Who may open what, written down by hand, one row or more for each URL.

A module here is a table: ``ROWS`` for the URLs of one room, or of one noun of it ("programs_setup"). The walker
(``test_access``) asks each page as every visitor and compares. A URL without a row fails, and so does a row without
a URL. A page that opens without signing in also stands in ``open_pages``. What a URL may be
about comes from ``world.House``: add to it what a new noun needs.

    Row("programs:frame", at=lambda house: {"pk": house.program.pk})                    a coordinator's page
    Row("programs:slots", at=..., by="intervisor", guide=200)                           a guide's, by link too
    Row("programs:my-place", at=..., by="resident", wrong="coordinator", wrong_role=404, take_part=200)
    Row("programs:start", at=..., method="post", right=302)                             one that changes something
"""
