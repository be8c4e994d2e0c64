from typing import Any

from tests.access.table import NOT_FOUND, OK, REDIRECT, Row
from tests.access.world import House
from tests.factories.guides import TrainingRecordFactory
from tests.factories.programs import (
    DepartmentRuleFactory,
    EvaluativeRelationFactory,
    FacilitatorProfileFactory,
    MembershipFactory,
)


def a_program(house: House) -> dict[str, Any]:
    return {"pk": house.program.pk}


def a_profile(house: House) -> dict[str, Any]:
    profile = FacilitatorProfileFactory(institution=house.institution)
    return a_program(house) | {"profile_pk": profile.pk}


def a_training(house: House) -> dict[str, Any]:
    where = a_profile(house)
    profile = house.institution.facilitator_profiles.get(pk=where["profile_pk"])
    return where | {"training_pk": TrainingRecordFactory(user=profile.user).pk}


def a_rule(house: House) -> dict[str, Any]:
    return a_program(house) | {"rule_pk": DepartmentRuleFactory(department=house.department).pk}


def a_relation(house: House) -> dict[str, Any]:
    relation = EvaluativeRelationFactory(institution=house.institution, resident=house.resident)
    return a_program(house) | {"relation_pk": relation.pk}


def a_guide(house: House) -> dict[str, Any]:
    return {"pk": house.guide.pk}


def a_group(house: House) -> dict[str, Any]:
    return a_program(house) | {"group_pk": house.group.pk}


def an_assigned_guide(house: House) -> dict[str, Any]:
    return a_group(house) | {"guide_pk": house.guide.pk}


def a_membership(house: House) -> dict[str, Any]:
    return a_program(house) | {"membership_pk": house.membership.pk}


def a_step(house: House) -> dict[str, Any]:
    row = MembershipFactory(group=house.group)
    step = house.program.undoable_steps.create(kind="move", before={"seats": {str(row.pk): None}})
    return a_program(house) | {"step_pk": step.pk}


def own_guiding(name: str, **changes: Any) -> Row:
    """A page about one's own guiding: nobody else has it, whatever their role."""
    return Row(name, at=a_guide, by="intervisor", guide=OK, wrong_role=NOT_FOUND, **changes)


ROWS = [
    Row("programs:guides", at=a_program),
    Row("programs:guide", at=a_profile),
    Row("programs:add-training", at=a_profile, method="post", right=422),
    Row("programs:remove-training", at=a_training, method="post", right=REDIRECT),
    Row("programs:relations", at=a_program),
    Row("programs:ask-guides", at=a_program, method="post", right=REDIRECT),
    Row("programs:add-rule", at=a_program, method="post", right=422),
    Row("programs:end-rule", at=a_rule, method="post", right=REDIRECT),
    Row("programs:add-relation", at=a_program, method="post", right=422),
    Row("programs:end-relation", at=a_relation, method="post", right=REDIRECT),
    own_guiding("programs:declare"),
    own_guiding("programs:declared"),
    Row("planning:groups", at=a_program),
    Row("planning:propose-groups", at=a_program, method="post", right=REDIRECT),
    Row("planning:add-group", at=a_program, method="post", right=REDIRECT),
    Row("planning:undo", at=a_step, method="post", right=REDIRECT),
    Row("planning:move", at=a_membership, method="post", right=REDIRECT),
    Row("planning:group", at=a_group),
    Row("planning:remove-group", at=a_group, method="post", right=409),
    Row("planning:assign-guide", at=a_group, method="post", right=422),
    Row("planning:end-guide", at=an_assigned_guide, method="post", right=REDIRECT),
]
