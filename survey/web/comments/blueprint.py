"""The blueprint of comments; its views stand beside it, a module for each page's subject."""

from flask import Blueprint

blueprint = Blueprint("comments", __name__, url_prefix="/staff")
