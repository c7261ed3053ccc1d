"""What people wrote: reading it, sorting it by theme, choosing quotes."""

from survey.web.comments import reading, themes
from survey.web.comments.blueprint import blueprint

__all__ = ["blueprint", "reading", "themes"]
