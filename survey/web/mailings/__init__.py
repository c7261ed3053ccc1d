"""Invitations by e-mail on the staff pages: wording, addresses, sending, and how far it got."""

from survey.web.mailings.views import blueprint

__all__ = ["blueprint"]
