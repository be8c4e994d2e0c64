"""A database that goes away while somebody is being served: the connection ends, from another one."""

from typing import Any

from django.db import connection


def end_connection() -> None:
    """End this process's own connection, as a database that was started again does."""
    process = connection.connection.info.backend_pid
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s, 30000)", [process])
    other.close()


class Cut:
    """Ends it before or after its next statement that writes to ``table``, for ``connection.execute_wrapper``."""

    def __init__(self, table: str, *, after: bool) -> None:
        self.table, self.after, self.done = table, after, False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        mine = self.table in sql and not sql.lstrip().lower().startswith("select")
        if not mine or self.done:
            return execute(sql, params, many, context)
        self.done = True
        result = execute(sql, params, many, context) if self.after else None
        end_connection()
        return result if self.after else execute(sql, params, many, context)
