"""The command ``phieu``: the same services as the pages."""
