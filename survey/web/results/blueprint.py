"""The blueprint of the third and fourth step; its views stand beside it, a module for each page's subject."""

from flask import Blueprint

blueprint = Blueprint("results", __name__, url_prefix="/staff")
