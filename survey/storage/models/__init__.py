"""Typed tables, one module per family."""

from survey.storage.models.audit import AuditEntry
from survey.storage.models.base import Base, Instant
from survey.storage.models.collectors import Collector, PrintRun, SingleUseCode, Visits
from survey.storage.models.entry import EntryBatch, KeyedSheet
from survey.storage.models.mailings import Invitee, Mailing
from survey.storage.models.offices import Unit
from survey.storage.models.responses import Erasure, Exclusion, ImportBatch, Release, Response
from survey.storage.models.results import (
    CommentTheme,
    CustomIndex,
    CutQuote,
    DataCut,
    Frame,
    Job,
    Measure,
    OfficialCount,
    Publication,
    Quote,
    SavedSelection,
    SelectionShown,
    Series,
    Target,
    Theme,
)
from survey.storage.models.staff import Invitation, RecoveryCode, StaffSession, StaffUser
from survey.storage.models.surveys import QuestionnaireVersion, Survey

__all__ = [
    "AuditEntry",
    "Base",
    "Collector",
    "CommentTheme",
    "CustomIndex",
    "CutQuote",
    "DataCut",
    "EntryBatch",
    "Erasure",
    "Exclusion",
    "Frame",
    "ImportBatch",
    "Instant",
    "Invitation",
    "Invitee",
    "Job",
    "KeyedSheet",
    "Mailing",
    "Measure",
    "OfficialCount",
    "PrintRun",
    "Publication",
    "QuestionnaireVersion",
    "Quote",
    "RecoveryCode",
    "Release",
    "Response",
    "SavedSelection",
    "SelectionShown",
    "Series",
    "SingleUseCode",
    "StaffSession",
    "StaffUser",
    "Survey",
    "Target",
    "Theme",
    "Unit",
    "Visits",
]
