"""Addresses that are printed: built from the configured public base URL only, never from a request. Pure."""

from __future__ import annotations

from urllib.parse import SplitResult, quote, urlsplit

from survey.collection.codes import display


def survey_url(base_url: str, code: str, run: int = 0) -> str:
    """``HTTPS://HOST/S/CODE``, or ``…/CODE/RUN`` of a print run: upper case so that the QR code stays small; routes
    ignore case.

    A path prefix of ``base_url`` keeps its case, since a server before the application may tell cases apart.
    """
    parts = urlsplit(base_url.rstrip("/"))
    prefix = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    return f"{parts.scheme.upper()}://{_ascii_host(parts).upper()}{prefix}/S/{code}" + (f"/{run}" if run else "")


def typed_address(base_url: str, code: str) -> str:
    """``ks.example.gov.vn/s/XXXXX-XXXXX``: what someone without a camera types; browsers add the scheme."""
    parts = urlsplit(base_url.rstrip("/"))
    return f"{parts.netloc.lower()}{parts.path}/s/{display(code)}"


def written_link(base_url: str, code: str) -> str:
    """``https://ks.example.gov.vn/s/XXXXX-XXXXX``: what is sent in messages and letters. In small letters, since some
    programs make no link of capital ones. ``code`` as it is to be shown."""
    parts = urlsplit(base_url.rstrip("/"))
    prefix = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    return f"{parts.scheme}://{_ascii_host(parts).lower()}{prefix}/s/{code}"


def _ascii_host(parts: SplitResult) -> str:
    """Host and port; a Vietnamese domain name in its ASCII form, since not every camera converts it."""
    if parts.netloc.isascii() or parts.hostname is None:
        return parts.netloc
    host = parts.hostname.encode("idna").decode("ascii")
    return host if parts.port is None else f"{host}:{parts.port}"
