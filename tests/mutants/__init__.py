"""Takes one condition at a time out of the rules, and asks whether a test notices.

``make mutants`` runs them all: in each of two processes the test database is set up once, one run of the tests
finds out which of them come by which rule, and then every mutant is put in place of its function while those tests
run, until one fails. Survivors that nothing can notice stand in ``survivors.py`` with the reason.
docs/decisions/mutants.md says why this is ours.
"""
