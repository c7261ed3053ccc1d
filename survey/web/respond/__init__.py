"""The public pages: the survey behind a code, the receipt, the start page. No cookie, no script needed."""

from survey.web.respond import banner, receipts, views
from survey.web.respond.desk import blueprint

__all__ = ["banner", "blueprint", "receipts", "views"]
