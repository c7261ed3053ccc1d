"""Printed addresses."""

from __future__ import annotations

import pytest

from survey.collection import links

CODE = "7K3QP2MX9T"


@pytest.mark.parametrize(
    ("base", "url", "typed"),
    [
        ("https://ks.example.gov.vn", f"HTTPS://KS.EXAMPLE.GOV.VN/S/{CODE}", "ks.example.gov.vn/s/7K3QP-2MX9T"),
        ("https://ks.example.gov.vn/", f"HTTPS://KS.EXAMPLE.GOV.VN/S/{CODE}", "ks.example.gov.vn/s/7K3QP-2MX9T"),
        ("http://192.168.1.20:8000", f"HTTP://192.168.1.20:8000/S/{CODE}", "192.168.1.20:8000/s/7K3QP-2MX9T"),
        (
            "https://Example.gov.vn:8443/Khao-Sat",
            f"HTTPS://EXAMPLE.GOV.VN:8443/Khao-Sat/S/{CODE}",
            "example.gov.vn:8443/Khao-Sat/s/7K3QP-2MX9T",
        ),
        ("http://[::1]:8000", f"HTTP://[::1]:8000/S/{CODE}", "[::1]:8000/s/7K3QP-2MX9T"),
        (
            "https://bücher.example:444",
            f"HTTPS://XN--BCHER-KVA.EXAMPLE:444/S/{CODE}",
            "bücher.example:444/s/7K3QP-2MX9T",
        ),
        ("https://a.vn/phiếu", f"HTTPS://A.VN/phi%E1%BA%BFu/S/{CODE}", "a.vn/phiếu/s/7K3QP-2MX9T"),
    ],
)
def test_an_address_keeps_port_and_prefix_and_raises_only_what_is_caseless(base: str, url: str, typed: str) -> None:
    assert links.survey_url(base, CODE) == url
    assert links.typed_address(base, CODE) == typed
