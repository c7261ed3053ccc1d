"""Pages that were rendered and compressed once and go out with one value spliced in.

The page behind a QR is the same for everybody but for its form token. Compressing it for each visitor would cost more
than everything else together, so prefix and suffix are deflated once, on either side of a stored block that holds the
token (RFC 1951, 3.2.4); the gzip checksum runs over all three.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


@dataclass(frozen=True)
class SplicedPage:
    """Bytes before and after the value, plain and deflated; ``crc`` is the CRC-32 of the plain prefix."""

    prefix: bytes
    suffix: bytes
    head: bytes
    tail: bytes
    crc: int

    def plain(self, value: bytes) -> bytes:
        """The page as it is."""
        return self.prefix + value + self.suffix

    def gzip(self, value: bytes) -> bytes:
        """The page as a gzip stream; ``value`` has at most 65,535 bytes."""
        size = len(value)
        crc = zlib.crc32(self.suffix, zlib.crc32(value, self.crc))
        length = len(self.prefix) + size + len(self.suffix)
        return b"".join(
            (
                self.head,
                b"\x00",
                struct.pack("<HH", size, size ^ 0xFFFF),
                value,
                self.tail,
                struct.pack("<II", crc, length & 0xFFFFFFFF),
            )
        )


def spliced(page: str, place: str) -> SplicedPage:
    """A page prepared to take a value wherever ``place`` stands, which must be exactly once."""
    before, found, after = page.partition(place)
    if not found or place in after:
        raise ValueError(f"{place!r} must stand in the page exactly once")
    prefix, suffix = before.encode(), after.encode()
    first = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    head = _GZIP_HEADER + first.compress(prefix) + first.flush(zlib.Z_FULL_FLUSH)
    second = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    tail = second.compress(suffix) + second.flush(zlib.Z_FINISH)
    return SplicedPage(prefix, suffix, head, tail, zlib.crc32(prefix))
