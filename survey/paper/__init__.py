"""Questionnaires on paper: serials, page ids and where every box lies; shared by printing, key-in and reading of marks.

Plain data and arithmetic: knows no Typst, no pictures, no web and no database.
"""
