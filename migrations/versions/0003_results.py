"""Results: selections, series, targets, frames, custom indexes, cuts, jobs, themes, measures, publication."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _series()
    _selections()
    _figures()
    _work()
    _comments()


def _series() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_series_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("slug", name=op.f("uq_series_slug")),
    )
    op.create_index(op.f("ix_series_unit_id"), "series", ["unit_id"])
    with op.batch_alter_table("survey") as table:
        table.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("wave", sa.String(length=60), server_default="", nullable=False))
        table.add_column(sa.Column("wave_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("breaks", sa.String(length=300), server_default="", nullable=False))
        table.add_column(sa.Column("wall_key", sa.String(length=32), nullable=True))
        table.create_unique_constraint(op.f("uq_survey_wall_key"), ["wall_key"])
        table.create_foreign_key(op.f("fk_survey_series_id"), "series", ["series_id"], ["id"])
    op.create_index(op.f("ix_survey_series_id"), "survey", ["series_id"])
    # The defaults were for the rows that stood already.
    with op.batch_alter_table("survey") as table:
        for column, length in (("wave", 60), ("breaks", 300)):
            table.alter_column(
                column, existing_type=sa.String(length=length), existing_nullable=False, server_default=None
            )


def _selections() -> None:
    op.create_table(
        "saved_selection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("saved_by", sa.String(length=254), nullable=False),
        sa.Column("saved_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_saved_selection_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_selection")),
        sa.UniqueConstraint("survey_id", "name", name=op.f("uq_saved_selection_survey_id_name")),
    )
    op.create_index(op.f("ix_saved_selection_survey_id"), "saved_selection", ["survey_id"])
    op.create_table(
        "selection_shown",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("release_number", sa.Integer(), nullable=False),
        sa.Column("cut_hash", sa.String(length=64), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("shown_to", sa.String(length=254), nullable=False),
        sa.Column("shown_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_selection_shown_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_shown")),
        sa.UniqueConstraint(
            "survey_id",
            "digest",
            "cut_hash",
            "shown_to",
            name=op.f("uq_selection_shown_survey_id_digest_cut_hash_shown_to"),
        ),
    )
    op.create_index(op.f("ix_selection_shown_survey_id"), "selection_shown", ["survey_id"])


def _figures() -> None:
    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_target_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("survey_id", "measure", name=op.f("uq_target_survey_id_measure")),
    )
    op.create_index(op.f("ix_target_survey_id"), "target", ["survey_id"])
    op.create_table(
        "frame",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("margins", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("stated_by", sa.String(length=254), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_frame_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", name=op.f("pk_frame")),
    )
    op.create_table(
        "custom_index",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_custom_index_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_index")),
        sa.UniqueConstraint("survey_id", "key", name=op.f("uq_custom_index_survey_id_key")),
    )
    op.create_index(op.f("ix_custom_index_survey_id"), "custom_index", ["survey_id"])
    op.create_table(
        "official_count",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_official_count_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", "key", name=op.f("pk_official_count")),
    )


def _work() -> None:
    op.create_table(
        "data_cut",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("cut_hash", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=254), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_data_cut_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_cut")),
        sa.UniqueConstraint("survey_id", "number", name=op.f("uq_data_cut_survey_id_number")),
    )
    op.create_index(op.f("ix_data_cut_survey_id"), "data_cut", ["survey_id"])
    op.create_table(
        "publication",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("cut_id", sa.Integer(), nullable=False),
        sa.Column("open_data", sa.Boolean(), nullable=False),
        sa.Column("published_by", sa.String(length=254), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["cut_id"], ["data_cut.id"], name=op.f("fk_publication_cut_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_publication_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", name=op.f("pk_publication")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.String(length=254), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_job_state")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_job_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_survey_id"), "job", ["survey_id"])


def _comments() -> None:
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_theme_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("survey_id", "name", name=op.f("uq_theme_survey_id_name")),
    )
    op.create_index(op.f("ix_theme_survey_id"), "theme", ["survey_id"])
    op.create_table(
        "comment_theme",
        sa.Column("response_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_comment_theme_theme_id")),
        sa.PrimaryKeyConstraint("response_id", "question", "theme_id", name=op.f("pk_comment_theme")),
    )
    op.create_index(op.f("ix_comment_theme_theme_id"), "comment_theme", ["theme_id"])
    op.create_table(
        "quote",
        sa.Column("response_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("chosen_by", sa.String(length=254), nullable=False),
        sa.Column("chosen_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("response_id", "question", name=op.f("pk_quote")),
    )
    op.create_table(
        "measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("lead", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_measure_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
    )
    op.create_index(op.f("ix_measure_survey_id"), "measure", ["survey_id"])
