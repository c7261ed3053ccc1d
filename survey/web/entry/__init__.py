"""Key-in of paper forms and interviews: batches, the page for keying, double entry."""

from survey.web.entry import keying as keying
from survey.web.entry.views import blueprint

__all__ = ["blueprint"]
