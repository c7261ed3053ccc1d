"""Documents from data: Typst templates in a bounded worker, the fonts they may use, and PDF pages as pictures.

``pdf``, ``typeset`` and ``pictures`` are all that reports and printing need. Knows no Flask and no database.
"""

from survey.typesetting.documents import Standard, Typeset, pdf, typeset
from survey.typesetting.fonts import font_files
from survey.typesetting.pages import pictures

__all__ = ["Standard", "Typeset", "font_files", "pdf", "pictures", "typeset"]
