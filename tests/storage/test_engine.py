"""Opening a database: what is refused, how it is set up, and that readers only read."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, exc, func, insert, select, text, update
from sqlalchemy.orm import Session

from survey.errors import Conflict, Misconfigured, Unavailable
from survey.storage import sqlite as sqlite_engine
from survey.storage.engine import Database, open_database
from survey.storage.models import AuditEntry, QuestionnaireVersion, Survey, Unit
from survey.storage.queries import audit
from tests.databases import sqlite_url

NOW = datetime(2026, 10, 15, 3, 0, tzinfo=UTC)


def add_unit(session: Session) -> None:
    session.execute(insert(Unit).values(name="Sở Nội vụ", superior="", phone="", email="", website=""))


def units(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Unit)) or 0


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "truncate"),
        ((3, 51, 2), "truncate"),
        ((3, 51, 3), "wal"),
        ((3, 53, 4), "wal"),
        ((4, 0, 0), "wal"),
    ],
)
def test_only_a_sound_sqlite_writes_ahead(version: tuple[int, ...], mode: str) -> None:
    assert sqlite_engine.journal_mode(version) == mode


def test_readers_and_writers_are_set_up_for_durability(sqlite: Database) -> None:
    def settings(session: Session) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "query_only")
        return {name: session.scalar(text(f"PRAGMA {name}")) for name in names}

    mode = sqlite_engine.journal_mode(sqlite_engine.driver().sqlite_version_info)
    expected = {"journal_mode": mode, "synchronous": 2, "foreign_keys": 1}
    assert sqlite.write(settings) == {**expected, "query_only": 0}
    with sqlite.reading() as session:
        assert settings(session) == {**expected, "query_only": 1}


def test_without_the_packaged_library_the_affected_one_is_used_safely_and_said_so(tmp_path: Path) -> None:
    program = """
import sqlite3, sys
sys.modules["pysqlite3"] = None
from sqlalchemy import text
from survey.storage import migration, sqlite
from survey.storage.engine import open_database
database = open_database(sys.argv[1])
migration.upgrade(database)
assert sqlite.driver() is sqlite3.dbapi2
mode = database.write(lambda session: session.scalar(text("PRAGMA journal_mode")))
assert mode == sqlite.journal_mode(sqlite3.sqlite_version_info), mode
database.close()
print(mode)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, sqlite_url(tmp_path)], capture_output=True, encoding="utf-8", check=True
    )
    assert ("using the slower journal mode TRUNCATE" in done.stderr) is (done.stdout.strip() == "truncate")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("sqlite://", "database_in_memory"),
        ("sqlite:///:memory:", "database_in_memory"),
        ("sqlite:///file::memory:?uri=true", "database_in_memory"),
        ("sqlite:///x.db?mode=memory", "database_in_memory"),
        ("sqlite:///x.db?timeout=1", "database_url_unusable"),
        ("sqlite://host/x.db", "database_url_unusable"),
        ("mysql://root@localhost/phieu", "database_unsupported"),
        ("phieu.db", "database_url_unusable"),
        ("", "database_url_unusable"),
    ],
)
def test_an_address_that_loses_answers_or_means_nothing_is_refused(url: str, code: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        open_database(url)
    assert refusal.value.code == code
    assert refusal.value.remedy


def test_nobody_else_may_enter_the_folder_or_read_a_file(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path / "new"))
    database.write(lambda session: session.execute(text("CREATE TABLE t (x)")))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").iterdir()}
    database.close()
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert {"phieu.db", "phieu.db.lock"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_a_world_readable_file_is_refused_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "phieu.db"
    path.touch(0o644)
    path.chmod(0o644)
    with pytest.raises(Misconfigured) as refusal:
        open_database(sqlite_url(tmp_path))
    assert refusal.value.code == "database_world_readable"
    path.chmod(0o600)
    open_database(sqlite_url(tmp_path)).close()


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Misconfigured) as refusal:
        open_database(sqlite_url(tmp_path / "file"))
    assert refusal.value.code == "database_file_unusable"


MOUNTS = r"""
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:40 / /srv rw - nfs4 files:/srv rw
31 30 254:1 / /srv/local rw - xfs /dev/vdb rw
32 22 0:41 / /mnt/two\040words rw - cifs //files/two rw
33 22 254:2 / /var/lib/phieu rw - ext4 /dev/vdc rw
34 33 0:42 / /var/lib/phieu rw - fuse.sshfs files: rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/phieu.db", "ext4"),
        ("/srv/phieu.db", "nfs4"),
        ("/srvx/phieu.db", "ext4"),
        ("/srv/local/phieu.db", "xfs"),
        ("/mnt/two words/phieu.db", "cifs"),
        ("/var/lib/phieu/phieu.db", "fuse.sshfs"),  # mounted over the disk
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount(path: str, kind: str) -> None:
    assert sqlite_engine.file_system(Path(path), MOUNTS) == kind


def test_a_network_file_system_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "phieu.db"
    mount = f"1 0 0:1 / {tmp_path.resolve()} rw - "
    with pytest.raises(Misconfigured) as refusal:
        sqlite_engine.prepare(path, f"{mount}nfs4 files:/srv rw")
    assert refusal.value.code == "database_on_network"
    sqlite_engine.prepare(path, f"{mount}ext4 /dev/vda rw")


@pytest.mark.parametrize("kind", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_spelling_of_postgresql_means_psycopg_3(kind: str) -> None:
    database = open_database(f"{kind}://phieu:secret@localhost/phieu")
    assert database.dialect == "postgresql"
    assert database.url == "postgresql+psycopg://phieu:secret@localhost/phieu"
    assert "secret" not in repr(database) + database.place


def test_a_missing_driver_names_the_extra_to_install() -> None:
    program = """
import sys
sys.modules["psycopg"] = None
from survey.errors import Misconfigured
from survey.storage.engine import open_database
try:
    open_database("postgresql://localhost/phieu")
except Misconfigured as error:
    print(error.code, error.remedy)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "database_driver_missing Run: make install-postgresql.\n"


def test_a_server_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    database = open_database(f"postgresql://phieu@/phieu?host={tmp_path}")
    with pytest.raises(Unavailable) as refusal, database.reading() as session:
        session.execute(text("SELECT 1"))
    assert refusal.value.code == "database_unavailable"
    with pytest.raises(Unavailable):
        database.write(lambda session: session.execute(text("SELECT 1")))


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(exc.DBAPIError), database.reading() as session:
        add_unit(session)
    with database.reading() as session:
        assert units(session) == 0


def test_a_reader_sees_one_snapshot(database: Database) -> None:
    with database.reading() as session:
        before = units(session)
        database.write(add_unit)
        assert units(session) == before == 0
    with database.reading() as session:
        assert units(session) == 1


def test_a_parent_and_its_forked_child_both_write(database: Database) -> None:
    database.write(add_unit)
    if (child := os.fork()) == 0:
        try:
            database.write(add_unit)
            with database.reading() as session:
                os._exit(0 if units(session) == 2 else 1)
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    database.write(add_unit)
    with database.reading() as session:
        assert units(session) == 3


def _with_version(session: Session) -> QuestionnaireVersion:
    unit = Unit(name="Sở Nội vụ")
    session.add(unit)
    session.flush()
    survey = Survey(slug="hai-long", unit_id=unit.id, title="Hài lòng", created_at=NOW)
    session.add(survey)
    session.flush()
    version = QuestionnaireVersion(survey_id=survey.id, number=1, document="{}", digest="", published_at=NOW)
    session.add(version)
    return version


def _change(session: Session) -> None:
    session.scalars(select(QuestionnaireVersion)).one().document = "[]"


def _remove(session: Session) -> None:
    session.delete(session.scalars(select(AuditEntry)).one())


@pytest.mark.parametrize(
    "work",
    [
        _change,
        _remove,
        lambda session: session.delete(session.scalars(select(QuestionnaireVersion)).one()),
        lambda session: session.execute(update(QuestionnaireVersion).values(document="[]")),
        lambda session: session.execute(delete(AuditEntry)),
    ],
)
def test_published_versions_and_audit_entries_are_never_changed(sqlite: Database, work: object) -> None:
    sqlite.write(_with_version)
    sqlite.write(lambda session: audit.record(session, NOW, "operator", "survey.publish", "survey:hai-long"))
    with pytest.raises(Conflict) as refusal:
        sqlite.write(work)  # type: ignore[arg-type]  # five works of different results
    assert refusal.value.code == "row_immutable"
    with sqlite.reading() as session:
        assert session.scalars(select(QuestionnaireVersion.document)).all() == ["{}"]
        assert len(session.scalars(select(AuditEntry)).all()) == 1


def test_other_rows_may_be_changed(sqlite: Database) -> None:
    sqlite.write(_with_version)
    sqlite.write(lambda session: session.execute(update(Survey).values(title="Mới")))
    with sqlite.reading() as session:
        assert session.scalars(select(Survey.title)).all() == ["Mới"]
