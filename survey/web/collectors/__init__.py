"""The second step of a survey: its collectors, their codes, and what is printed of them."""

from survey.web.collectors.views import blueprint

__all__ = ["blueprint"]
