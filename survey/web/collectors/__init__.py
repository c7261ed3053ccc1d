"""The second step of a survey: its collectors, their codes, what is printed of them, how they are shared and used."""

from survey.web.collectors import participation, settings, sharing, views
from survey.web.collectors.blueprint import blueprint

__all__ = ["blueprint", "participation", "settings", "sharing", "views"]
