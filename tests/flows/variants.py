"""``phieu serve`` with something changed, for negative controls and for waits too long for a test.

``python -m tests.flows.variants``, with what is changed named in VARIANT; everything else is the product's.
"""

from __future__ import annotations

import os
from typing import Any

from survey.cli import serve
from survey.cli.main import main
from survey.cli.serving import worker

product = serve.options


def stock(*given: Any) -> dict[str, Any]:
    """gunicorn's own threaded worker."""
    return product(*given) | {"worker_class": "gthread", "keepalive": 5}


def crowded(*given: Any) -> dict[str, Any]:
    """Room for a dozen connections."""
    return product(*given) | {"worker_connections": 12}


if __name__ == "__main__":
    variant = os.environ["VARIANT"]
    if variant == "impatient":
        worker.SILENCE = 0.5
    elif variant == "crowded":
        worker.PROTECTED = 0.0
        serve.options = crowded
    elif variant == "stock":
        serve.options = stock
    main()
