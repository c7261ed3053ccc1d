"""The blueprint of series; its views stand beside it."""

from flask import Blueprint

blueprint = Blueprint("series", __name__, url_prefix="/staff")
