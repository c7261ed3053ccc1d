"""Results become files: the chart book (PDF) and tables (CSV)."""
