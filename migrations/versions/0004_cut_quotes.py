"""Which comments a data cut quotes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "cut_quote",
        sa.Column("response_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("cut_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cut_id"], ["data_cut.id"], name=op.f("fk_cut_quote_cut_id")),
        sa.PrimaryKeyConstraint("response_id", "question", "cut_id", name=op.f("pk_cut_quote")),
    )
    op.create_index(op.f("ix_cut_quote_cut_id"), "cut_quote", ["cut_id"])
