"""Numbers become pictures: matplotlib figures without pyplot, as SVG whose text stays text."""
