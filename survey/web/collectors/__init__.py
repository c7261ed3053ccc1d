"""The second step of a survey: its collectors, their codes, what is printed of them, how they are shared."""

from survey.web.collectors import sharing
from survey.web.collectors.views import blueprint

__all__ = ["blueprint", "sharing"]
