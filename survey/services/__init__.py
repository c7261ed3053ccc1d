"""Use cases: one function is one transaction and one audit entry. Knows no Flask."""
