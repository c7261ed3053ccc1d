"""Phiếu: satisfaction surveys for public offices that start with a QR code.

The folders are the stages of a survey in the order the data flows; see docs/architecture.md.
"""
