"""``make bench``: ratios against a bare bound, both measured in one run on the same machine. Never a timed test."""
