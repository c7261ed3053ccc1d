"""Every channel: collectors, print runs, single-use codes, visits, key-in, mailings; flags and changes of answers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

FILLED = {
    "survey": {"layout": sa.String(length=8), "embed_origins": sa.Text()},
    "collector": {"place": sa.String(length=200), "fixed": sa.Text(), "single_use": sa.Boolean()},
    "response": {"flags": sa.String(length=200)},
}


def upgrade() -> None:
    _collectors()
    _answers()
    _key_in()
    _mailings()
    with op.batch_alter_table("survey") as table:
        table.add_column(sa.Column("layout", sa.String(length=8), server_default="page", nullable=False))
        table.add_column(sa.Column("embed_origins", sa.Text(), server_default="", nullable=False))
        table.create_check_constraint(op.f("ck_survey_layout"), "layout IN ('page', 'steps')")
    # The defaults were for the rows that stood already; from now on the product names every value.
    for name, columns in FILLED.items():
        with op.batch_alter_table(name) as table:
            for column, kind in columns.items():
                table.alter_column(column, existing_type=kind, existing_nullable=False, server_default=None)


def _collectors() -> None:
    with op.batch_alter_table("collector") as table:
        table.drop_constraint(op.f("ck_collector_kind"), type_="check")
        table.create_check_constraint(
            op.f("ck_collector_kind"),
            "kind IN ('leaflet', 'poster', 'counter', 'kiosk', 'slip', 'event', 'web', 'link', 'interviewer', 'paper', "
            "'import')",
        )
        table.add_column(sa.Column("slip", sa.String(length=16), nullable=True))
        table.add_column(sa.Column("place", sa.String(length=200), server_default="", nullable=False))
        table.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("fixed", sa.Text(), server_default="{}", nullable=False))
        table.add_column(sa.Column("language", sa.String(length=8), nullable=True))
        table.add_column(sa.Column("hours_from", sa.Time(), nullable=True))
        table.add_column(sa.Column("hours_to", sa.Time(), nullable=True))
        table.add_column(sa.Column("expected_per_day", sa.Integer(), nullable=True))
        table.add_column(sa.Column("most_answers", sa.Integer(), nullable=True))
        table.add_column(sa.Column("single_use", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("leads_to_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("follow_up_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("exit_code", sa.String(length=200), nullable=True))
        table.create_check_constraint(
            op.f("ck_collector_slip"), "slip IS NULL OR slip IN ('receipt', 'supplement', 'refusal')"
        )
        table.create_check_constraint(op.f("ck_collector_most_answers"), "most_answers IS NULL OR most_answers > 0")
        table.create_check_constraint(
            op.f("ck_collector_expected_per_day"), "expected_per_day IS NULL OR expected_per_day > 0"
        )
        table.create_foreign_key(op.f("fk_collector_unit_id"), "unit", ["unit_id"], ["id"])
        table.create_foreign_key(op.f("fk_collector_leads_to_id"), "collector", ["leads_to_id"], ["id"])
        table.create_foreign_key(op.f("fk_collector_follow_up_id"), "collector", ["follow_up_id"], ["id"])
    op.create_table(
        "print_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collector_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("handed_out", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("first_serial", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("printed_on", sa.Date(), nullable=False),
        sa.CheckConstraint("kind IN ('poster', 'labels', 'codes', 'form', 'other')", name=op.f("ck_print_run_kind")),
        sa.CheckConstraint("copies > 0", name=op.f("ck_print_run_copies")),
        sa.CheckConstraint("handed_out IS NULL OR handed_out >= 0", name=op.f("ck_print_run_handed_out")),
        sa.ForeignKeyConstraint(["collector_id"], ["collector.id"], name=op.f("fk_print_run_collector_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_run")),
        sa.UniqueConstraint("collector_id", "number", name=op.f("uq_print_run_collector_id_number")),
    )
    op.create_table(
        "single_use_code",
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("collector_id", sa.Integer(), nullable=False),
        sa.Column("print_run_id", sa.Integer(), nullable=True),
        sa.Column("key_id", sa.LargeBinary(length=4), nullable=False),
        sa.Column("spent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["collector_id"], ["collector.id"], name=op.f("fk_single_use_code_collector_id")),
        sa.ForeignKeyConstraint(["print_run_id"], ["print_run.id"], name=op.f("fk_single_use_code_print_run_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_single_use_code")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_single_use_code_collector_id"), "single_use_code", ["collector_id"])
    op.create_table(
        "visits",
        sa.Column("collector_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["collector_id"], ["collector.id"], name=op.f("fk_visits_collector_id")),
        sa.PrimaryKeyConstraint("collector_id", "run", "day", name=op.f("pk_visits")),
    )


def _answers() -> None:
    op.create_table(
        "exclusion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("collector_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("flag", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("excluded_by", sa.String(length=254), nullable=False),
        sa.Column("excluded_on", sa.Date(), nullable=False),
        sa.Column("lifted_by", sa.String(length=254), nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_exclusion_survey_id")),
        sa.ForeignKeyConstraint(["collector_id"], ["collector.id"], name=op.f("fk_exclusion_collector_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion")),
    )
    op.create_index(op.f("ix_exclusion_survey_id"), "exclusion", ["survey_id"])
    op.create_table(
        "erasure",
        sa.Column("receipt_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_erasure_survey_id")),
        sa.PrimaryKeyConstraint("receipt_hash", name=op.f("pk_erasure")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("response") as table:
        table.add_column(sa.Column("flags", sa.String(length=200), server_default="", nullable=False))
        table.add_column(sa.Column("change", sa.String(length=16), nullable=True))
        table.add_column(sa.Column("exclusion_id", sa.Integer(), nullable=True))
        table.create_check_constraint(
            op.f("ck_response_change"),
            "change IS NULL OR change IN ('complete', 'flagged', 'excluded', 'withdrawn', 'erased')",
        )
        table.create_foreign_key(op.f("fk_response_exclusion_id"), "exclusion", ["exclusion_id"], ["id"])
    op.create_index(
        "ix_response_survey_id_change",
        "response",
        ["survey_id"],
        sqlite_where=sa.text("change IS NOT NULL"),
        postgresql_where=sa.text("change IS NOT NULL"),
    )


def _key_in() -> None:
    op.create_table(
        "entry_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collector_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("double_percent", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.String(length=254), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expected IS NULL OR expected > 0", name=op.f("ck_entry_batch_expected")),
        sa.CheckConstraint("double_percent BETWEEN 0 AND 100", name=op.f("ck_entry_batch_double_percent")),
        sa.ForeignKeyConstraint(["collector_id"], ["collector.id"], name=op.f("fk_entry_batch_collector_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_batch")),
    )
    op.create_index(op.f("ix_entry_batch_collector_id"), "entry_batch", ["collector_id"])
    op.create_table(
        "keyed_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(length=16), nullable=True),
        sa.Column("response_id", sa.BigInteger(), nullable=False),
        sa.Column("keyed_by", sa.String(length=254), nullable=False),
        sa.Column("keyed_on", sa.Date(), nullable=False),
        sa.Column("second_answers", sa.Text(), nullable=True),
        sa.Column("second_by", sa.String(length=254), nullable=True),
        sa.Column("differences", sa.Integer(), nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["entry_batch.id"], name=op.f("fk_keyed_sheet_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyed_sheet")),
    )
    op.create_index(op.f("ix_keyed_sheet_batch_id"), "keyed_sheet", ["batch_id"])
    op.create_index(op.f("ix_keyed_sheet_serial"), "keyed_sheet", ["serial"])


def _mailings() -> None:
    op.create_table(
        "mailing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collector_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reminder_subject", sa.String(length=200), nullable=False),
        sa.Column("reminder_body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["collector_id"], ["collector.id"], name=op.f("fk_mailing_collector_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
    )
    op.create_index(op.f("ix_mailing_collector_id"), "mailing", ["collector_id"])
    op.create_table(
        "invitee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'refused', 'bounced')", name=op.f("ck_invitee_state")
        ),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailing.id"], name=op.f("fk_invitee_mailing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitee")),
        sa.UniqueConstraint("mailing_id", "address", name=op.f("uq_invitee_mailing_id_address")),
    )
    op.create_index(op.f("ix_invitee_mailing_id"), "invitee", ["mailing_id"])
