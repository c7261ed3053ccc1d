"""Logging in, one's own account, and the pages of administrators: accounts and the audit trail."""

from survey.web.accounts import administration, examples, own
from survey.web.accounts.views import blueprint

__all__ = ["administration", "blueprint", "examples", "own"]
