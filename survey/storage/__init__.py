"""Rows: engines, tables, every query, and the response matrix beside the database. Knows no Flask."""
