"""The second step of a survey: its collectors, their codes, what is printed of them, how they are shared and used."""

from survey.web.collectors import kiosks, paper, participation, settings, sharing, views
from survey.web.collectors.blueprint import blueprint

__all__ = ["blueprint", "kiosks", "paper", "participation", "settings", "sharing", "views"]
