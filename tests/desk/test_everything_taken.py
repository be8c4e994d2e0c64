"""Whatever a person gave, or is kept of them, is in what they take with them, or there is a reason why not."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from accounts.models import User
from programs.models import Guide, Membership
from vault.models import Vault

#: Rows that are somebody: what points at one of them is about a person.
SOMEBODY = (User, Membership, Guide, Vault)
#: Columns that say who somebody is without pointing at a row.
NAMES_SOMEBODY = {"actor_id", "owner_id", "user_id", "person_id"}

#: Table -> its columns that are in the file, in whatever words.
TAKEN = {
    "account.emailaddress": "email verified primary",
    "accounts.appointment": "institution role from_on until_on",
    "accounts.availability": "answers",
    "accounts.busytime": "kind source from_at until_at",
    "accounts.invitation": "institution email created_at accepted_at",
    "accounts.personallink": "purpose created_at expires_at revoked_at",
    "accounts.placement": "department specialty discipline training_year training_ends_on personnel_number"
    " from_on until_on",
    "accounts.user": "name email language created_at",
    "checklist.declaration": "program item answer note answered_at",
    "checklist.justification": "program item text changed_at chosen",
    "concerns.leakreport": "group kind state reported_on",
    "concerns.leakstep": "state at",
    "intervision_sessions.attendance": "session state left_early says",
    "intervision_sessions.groupsession": "group number starts_at ends_at",
    "intervision_sessions.guideround": "group answers answered_at",
    "intervision_sessions.privateline": "session line",
    "intervision_sessions.sessionlog": "session own_case next_step themes answers logged_at",
    "mfa.authenticator": "type created_at last_used_at",
    "outbox.job": "kind created_at state",
    "outbox.message": "kind due_at state sent_at",
    "programs.departmentrule": "department from_on until_on",
    "programs.evaluativerelation": "institution kind source from_on until_on",
    "programs.facilitatorprofile": "institution kind insider cbt_experience capacity",
    "programs.goalsettled": "membership on",
    "programs.groundrulesconfirmation": "ground_rules confirmed_at",
    "programs.guide": "group role from_on until_on suspended_from",
    "programs.independencedeclaration": "guide declared_at members",
    "programs.intake": "membership state held_at by_phone expectations_voiced boundaries_agreed goal_formulated",
    "programs.intakeslot": "program starts_at ends_at channel room video_link reserved_at kept_at withdrawn_at",
    "programs.interest": "institution name email created_at",
    "programs.joinrequest": "program email asked_at",
    "programs.learninggoal": "membership goal progress shared_with",
    "programs.membership": "program group state given_name given_email joined_on left_on paused_from paused_until"
    " suspended_from invited_at accepted_at declined_at",
    "programs.preparation": "membership expectations not_to_discuss first_goal shared_with",
    "programs.programcoordinator": "program from_on until_on suspended_from",
    "programs.trainingrecord": "topic hours on trainer",
    "programs.waitingplace": "kind program created_at ended_at",
    "socialaccount.socialaccount": "uid date_joined last_login",
    "usersessions.usersession": "created_at last_seen_at ip user_agent",
    "vault.accessevent": "at actor_id kind",
}

#: Columns of those tables that are not in the file, by reason. The id, and who it is about, need none.
LEFT_OUT = {
    "accounts.appointment": {"when it was entered": "created_at"},
    "accounts.availability": {"when it was saved": "changed_at"},
    "accounts.invitation": {"of its key": "counter expires_at revoked_at", "somebody else": "invited_by"},
    "accounts.personallink": {"of its key": "about_id path counter"},
    "accounts.placement": {"when it was entered": "created_at"},
    "accounts.user": {
        "of the password": "password short_password",
        "is among the sign-ins": "last_login",
        "says that they can read this": "is_active erased_at",
    },
    "concerns.leakreport": {
        "the key of those without a name": "code_hash",
        "what the independent person did": "repairs since_on",
    },
    "concerns.leakstep": {"may be somebody else's": "report"},
    "intervision_sessions.attendance": {"when it was saved": "changed_at"},
    "intervision_sessions.groupsession": {
        "of the group's planning": "first_planned_at room outside_reference video_link refreshments state"
        " cancel_reason sequence created_at",
        "is with its log": "started_at ended_at",
    },
    "intervision_sessions.guideround": {
        "what whoever guides is asked; each answer has its question": "kind questions opens_at closes_at"
    },
    "intervision_sessions.privateline": {"follows from the session": "membership"},
    "mfa.authenticator": {"a key": "data"},
    "outbox.job": {
        "how far the work is": "about_id done total message result stop_asked_at attempts finished_at"
    },
    "outbox.message": {
        "how it is delivered": "dedupe_key about_id language attempts lease_until claim message_id created_at"
        " error_class"
    },
    "programs.departmentrule": {"when it was entered": "created_at"},
    "programs.evaluativerelation": {"when it was entered": "created_at"},
    "programs.guide": {"when it was entered": "created_at"},
    "programs.intake": {"when it was entered": "created_at"},
    "programs.intakeslot": {"when it was entered": "created_at"},
    "programs.interest": {"in which language to write": "language"},
    "programs.joinrequest": {"of its key": "counter"},
    "programs.learninggoal": {"its place among the goals": "number"},
    "programs.membership": {"when it was entered": "created_at"},
    "programs.waitingplace": {"any, or one's own": "group", "a time that passed": "offered_at offer_until"},
    "socialaccount.socialaccount": {"which way in of the house": "provider", "always empty": "extra_data"},
    "usersessions.usersession": {"a key": "session_key", "always empty": "data"},
    "vault.accessevent": {"an id": "about_id house_id"},
}

PLANNING = "what changed in a planning, by ids alone; the rows it is about are taken"
#: Tables of which nothing is in the file. The page and docs/privacy say it in words.
NOT_OWN = {
    "pghistory.middlewareevents": "all that changed, to read by program; no table of its own",
    "programs.evaluativerelationevent": PLANNING,
    "programs.guideevent": PLANNING,
    "programs.intakeevent": PLANNING,
    "programs.intakeslotevent": PLANNING,
    "programs.membershipevent": PLANNING,
    "programs.occupation": "follows from sessions and intake times, which are taken",
    "programs.peopleimport": "who read a list of others; the list itself goes when it is stored",
    "programs.program": "who made it: the program is the house's",
    "programs.programcoordinatorevent": PLANNING,
    "programs.stagechange": "who moved a program on: part of the program's history",
    "programs.undoablestep": "goes as soon as it cannot be taken back",
    "intervision_sessions.groupsessionevent": PLANNING,
    "surveys.climateinvitation": "that a house asked somebody among others; goes when the round closes",
    "surveys.climateround": "who asked a house: part of the house's history",
    "surveys.receipt": "goes when the window closes; to name the window would tell who answered what, when few did",
    "vault.vault": "the key of what somebody wrote; the texts are taken",
}


def about_people() -> Iterator[type[models.Model]]:
    """Every table, of whatever app, with a column that says who somebody is."""
    for model in apps.get_models():
        if model is User or any(names_somebody(field) for field in columns(model)):
            yield model


def columns(model: type[models.Model]) -> list["models.Field[object, object]"]:
    return [*model._meta.concrete_fields, *model._meta.many_to_many]


def names_somebody(field: "models.Field[object, object]") -> bool:
    if field.is_relation:
        return field.related_model in SOMEBODY
    return isinstance(field, models.EmailField) or field.name in NAMES_SOMEBODY


def test_every_table_about_a_person_is_taken_or_has_a_reason() -> None:
    found = {model._meta.label_lower for model in about_people()}

    assert found == set(TAKEN) | set(NOT_OWN)
    assert not set(TAKEN) & set(NOT_OWN)


def test_every_column_of_those_is_taken_or_has_a_reason() -> None:
    said = {
        label: " ".join([words, *LEFT_OUT.get(label, {}).values()]).split() for label, words in TAKEN.items()
    }
    there = {label: columns(apps.get_model(label)) for label in TAKEN}
    needed = {
        label: {field.name for field in fields if not (field.primary_key or names_somebody(field))}
        for label, fields in there.items()
    }

    assert {label: names - set(said[label]) for label, names in needed.items()} == {
        label: set() for label in TAKEN
    }
    gone = {label: set(said[label]) - {field.name for field in there[label]} for label in TAKEN}
    assert gone == {label: set() for label in TAKEN}
