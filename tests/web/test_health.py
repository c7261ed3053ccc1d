"""What the proxy and the container ask: well only while answers can be read."""

from __future__ import annotations

import pytest

from survey.services.runtime import Runtime
from survey.web.app import create_app


def test_the_service_is_well_while_answers_can_be_read(any_runtime: Runtime) -> None:
    client = create_app(any_runtime).test_client()
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "ok\n")
    with any_runtime.database.writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE response RENAME TO elsewhere")
    assert client.get("/healthz").status_code == 500


def test_a_database_that_vanished_is_noticed_and_said_to_be_temporary(
    any_runtime: Runtime, request: pytest.FixtureRequest
) -> None:
    client = create_app(any_runtime).test_client()
    assert client.get("/healthz").status_code == 200
    path = any_runtime.database.path
    if path is None:
        request.getfixturevalue("postgresql_server").drop(any_runtime.database.url)
    else:
        path.unlink()
    assert client.get("/healthz").status_code == 503
