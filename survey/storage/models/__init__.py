"""Typed tables, one module per family."""

from survey.storage.models.audit import AuditEntry
from survey.storage.models.base import Base, Instant
from survey.storage.models.collectors import Collector
from survey.storage.models.offices import Unit
from survey.storage.models.responses import ImportBatch, Release, Response
from survey.storage.models.staff import Invitation, RecoveryCode, StaffSession, StaffUser
from survey.storage.models.surveys import QuestionnaireVersion, Survey

__all__ = [
    "AuditEntry",
    "Base",
    "Collector",
    "ImportBatch",
    "Instant",
    "Invitation",
    "QuestionnaireVersion",
    "RecoveryCode",
    "Release",
    "Response",
    "StaffSession",
    "StaffUser",
    "Survey",
    "Unit",
]
