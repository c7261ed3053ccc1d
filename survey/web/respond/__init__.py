"""The public pages: the survey behind a code, the receipt, the start page. No cookie, no script needed."""

from survey.web.respond.views import blueprint

__all__ = ["blueprint"]
