"""What a WSGI server loads: ``gunicorn wsgi:app``. Settings come from the environment; start-up refuses unsafe ones."""

from survey.config import read_settings
from survey.services.start import open_runtime
from survey.web.app import create_app

app = create_app(open_runtime(read_settings()))
