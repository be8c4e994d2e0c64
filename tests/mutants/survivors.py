"""Mutants that no test can notice, or need not, each with its reason."""

#: Which pairs are read; each pair is then looked up by both its people.
LOOKED_UP = "bounds what is read only: each pair is looked up by its two people"

REASONS: dict[str, str] = {
    "accounts.middleware:KeepWhatWasTyped.__call__: other bound: response.status_code >= HTTPStatus.BAD_REQUEST": (
        "no page answers a form by 400: 422, and 403, 404 and 409 are those that save nothing"
    ),
    "accounts.middleware:KeepWhatWasTyped.process_view: without request.method != 'POST'": (
        "whoever only reads sends no fields, and without fields nothing is kept"
    ),
    "accounts.views.hospital_again:HospitalAgain.get: get() without **kwargs": "its address has no parts",
    "desk.views.purges:purges: without house is None": "can_see_purges says no of no house; the type wants it said",
    "programs.independence:_known: without evaluator_id = any(%(guides)s)": LOOKED_UP,
    "programs.independence:_known: without resident_id = any(%(members)s)": LOOKED_UP,
    "programs.independence:_known: without guide.user_id = any(%(guides)s)": LOOKED_UP,
    "programs.independence:_known: without named.user_id = any(%(members)s)": LOOKED_UP,
    "programs.independence:_known: without placement.user_id = any(%(members)s)": LOOKED_UP,
    "programs.views.find:program_to_run: never: if programs is None": "the other way finds the same program",
    "programs.views.setup:program_list: without not first": (
        "spares a question: whoever coordinates a program today is appointed in its house"
    ),
    "sessions.views.find:session_seen: always _session_with_marks": "asks for more than the page shows of it",
    "vault.door:open_vault: always: if vault is None": (
        "the database lets nobody have a second open vault, and the one there is gets taken"
    ),
    "surveys.releasing:word: other bound: people >= MEDIAN_FROM": "of five answers, median and majority say the same",
    "surveys.views.invited:_state: filter() without stratum=invitation.stratum_id": (
        "an invitation is of one stratum; the key of receipts begins with it"
    ),
}
