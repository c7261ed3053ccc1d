"""The worker process that runs Typst: started by ``documents`` with its folder, limits itself, writes one PDF, ends.

Runs as a script, away from the package: it imports nothing of the product, and sees only its folder and its fonts.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path


def main(folder: Path) -> int:
    """Compiles ``<folder>/<template>`` as ``request.json`` says; 0 and ``document.pdf``, or 1 and ``failure.json``."""
    request = json.loads((folder / "request.json").read_bytes())
    for limit, value in (
        (resource.RLIMIT_AS, request["memory"]),
        (resource.RLIMIT_CPU, request["seconds"]),
        (resource.RLIMIT_FSIZE, request["memory"]),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (bound, bound))

    import typst  # after the limits, so that they hold for all it does

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder / "fonts")])
    root = folder / "root"
    nowhere = str(folder / "packages")
    template = str(root / request["template"])
    compiler = typst.Compiler(
        template, root=str(root), font_paths=fonts, package_path=nowhere, package_cache_path=nowhere
    )
    try:
        _, warnings = compiler.compile_with_warnings(
            output=str(folder / "document.pdf"),
            format="pdf",
            timestamp=request["timestamp"],
            pdf_standards=request["standards"],
        )
    except typst.TypstError as error:
        failure = {"message": error.message, "diagnostic": error.diagnostic}
        (folder / "failure.json").write_text(json.dumps(failure), encoding="utf-8")
        return 1
    (folder / "told.json").write_text(compiler.query("<told>", field="value"), encoding="utf-8")
    (folder / "warnings.json").write_text(json.dumps([warning.message for warning in warnings]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
