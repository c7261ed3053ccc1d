"""Sheets with codes: posters and labels as PDF, each finished file rendered and every code read back."""
