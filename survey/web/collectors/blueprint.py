"""The blueprint of the second step; its views stand beside it, a module for each page's subject."""

from flask import Blueprint

blueprint = Blueprint("collectors", __name__, url_prefix="/staff")
