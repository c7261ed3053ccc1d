"""Responses become tables: coded columns, selections, tallies, cross-tables. Pure."""
