"""The schema: equal to the models, and old or new after whatever happens, never half."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from survey.storage.engine import Database
from survey.storage.migration import head
from survey.storage.models import Base


def test_the_newest_schema_equals_the_models(database: Database) -> None:
    with database.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
