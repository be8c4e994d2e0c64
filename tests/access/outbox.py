from tests.access.table import NOT_FOUND, REDIRECT, Row
from tests.access.world import House
from tests.factories.outbox import JobFactory


def own_job(house: House) -> dict[str, object]:
    return {"pk": JobFactory(started_by=house.coordinator, about_id=house.program.pk).pk}


ROWS = [
    Row("outbox:job", at=own_job, wrong_role=NOT_FOUND),
    Row("outbox:stop-job", at=own_job, method="post", wrong_role=NOT_FOUND, right=REDIRECT),
]
