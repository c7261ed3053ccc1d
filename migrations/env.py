"""Runs the steps in the transaction that survey.storage.migration opened. Never opens a database by itself."""

from alembic import context

from survey.storage.models import Base

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Use: phieu db upgrade (survey.storage.migration opens the transaction)")

context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=True,
    compare_server_default=True,
    render_as_batch=True,
    # SQLite takes part in transactions like PostgreSQL does; Alembic only assumes otherwise.
    transactional_ddl=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
