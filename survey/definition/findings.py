"""What can be wrong with a questionnaire, in words: one message and one remedy for each code.

Definition stage, pure. Messages are English message ids without values (``Problem.place`` holds the names), so that
whoever shows a problem passes ``message`` and ``remedy`` through the texts of the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SAYS: dict[str, tuple[str, str]] = {
    "language_unusable": (
        "A language is given twice or is not a language code.",
        "Use each code once, such as vi or en.",
    ),
    "no_questions": ("There is nothing to answer.", "Add at least one question to a section."),
    "minutes_unusable": (
        "The time that answering takes is not between 1 and 120 minutes.",
        "Write how many minutes a person needs.",
    ),
    "document_too_large": ("The questionnaire is too long for one page.", "Shorten texts and lists."),
    "headline_not_scale": (
        "The headline names no scale question whose satisfied levels are known.",
        "Name the one general question, or leave the headline out.",
    ),
    "text_missing": ("There is no text in the first language.", "Write the text people are to read."),
    "text_unprintable": ("The text holds characters that cannot be shown or printed.", "Type that text again."),
    "translation_missing": (
        "The translation is missing; the first language is shown instead.",
        "Translate the text, or take the language away.",
    ),
    "key_reserved": ("Files of answers have a column of this name already.", "Give the question another key."),
    "key_unusable": (
        "The key is empty, too long, or holds characters other than letters, digits, _ and full stops.",
        "Use a short key such as B1.",
    ),
    "key_repeated": ("The key is used more than once.", "Give each its own key."),
    "list_unused": ("No question uses this choice list.", "Use it or take it away."),
    "list_too_short": (
        "Fewer than two of the choices count as answers.",
        "Add choices, or mark fewer as not applicable.",
    ),
    "list_too_long": (
        "The choice list is too long: at most 250 choices, 62 where several may be chosen.",
        "Put choices together, or ask in two steps.",
    ),
    "code_unusable": (
        "The code is empty, too long, or holds characters other than letters, digits, _ and inner hyphens.",
        "Use short codes such as 1, 2, 3.",
    ),
    "code_repeated": ("Two choices have this code.", "Give each its own."),
    "label_repeated": ("Two choices read the same, so nobody can tell them apart.", "Word them differently."),
    "satisfied_unknown": (
        "A satisfied level is not in the list, or is marked as not applicable.",
        "Name levels of the list.",
    ),
    "satisfied_unset": (
        "The scale does not say which levels count as satisfied, so no share can be shown.",
        "Name these levels under “satisfied”.",
    ),
    "measure_unknown": (
        "The scale is to carry a measure that does not exist.",
        "Use nps, csat or ces, or take it away.",
    ),
    "measure_levels": (
        "The scale has not the levels of its measure: NPS eleven from 0 to 10, CSAT five, CES seven.",
        "Correct the levels, or take the measure away.",
    ),
    "section_empty": ("The section has no questions.", "Add one, or take the section away."),
    "matrix_empty": ("The matrix has no rows.", "Add items to it."),
    "most_unusable": ("More choices may be ticked than there are.", "Lower the maximum, or use 0 for no limit."),
    "shuffle_unusable": (
        "The order is to be drawn, but choices such as “other” do not stand last, or only one is left to draw.",
        "Move these choices to the end, or keep the fixed order.",
    ),
    "length_unusable": ("The longest answer must have between 1 and 10,000 characters.", "Correct the length."),
    "rule_empty": (
        "The rule compares with nothing, so what it guards is always or never asked.",
        "Complete the rule, or take it away.",
    ),
    "rule_looks_ahead": (
        "The rule looks at a question that comes later.",
        "Move the question, or ask about an earlier one.",
    ),
    "rule_unknown_question": ("The rule looks at a question that does not exist.", "Correct the key."),
    "rule_on_text": ("The rule looks at a text answer.", "Rules can look only at chosen answers."),
    "rule_unknown_code": (
        "The rule compares with a code the question does not have.",
        "Use codes of that question's list.",
    ),
    "index_item_not_scale": (
        "An item of the index is no scale question of this questionnaire.",
        "Name scale questions or rows of a matrix.",
    ),
    "index_item_unscored": (
        "The scale of an item does not say which levels count as satisfied.",
        "Name these levels under “satisfied”.",
    ),
    "index_item_repeated": ("An item counts more than once in the index.", "Name each item once."),
    "index_negative_unknown": (
        "An item is marked as counting in reverse but is not in the index.",
        "Put it into a factor, or take the mark away.",
    ),
    "index_negative_share": (
        "An item is marked as counting in reverse, but the index takes shares satisfied.",
        "Name the levels that count as satisfied instead, or let the index take means.",
    ),
    "index_empty": ("The index or one of its factors has no items.", "Add items to it."),
    "index_overall_not_scale": (
        "The overall question of the index is missing or is no scale question.",
        "Name the one general question.",
    ),
    "anchors_unusable": ("The anchors of the index do not rise.", "Use two numbers such as 1 and 10."),
    "weight_unusable": ("A factor's weight is not a number above zero.", "Correct the weight."),
}

WARNINGS = frozenset({"translation_missing", "list_unused", "satisfied_unset"})
"""What does not stop publication."""


@dataclass(frozen=True)
class Problem:
    """``code`` is a key of ``SAYS``; ``place`` is language-neutral: a key, or keys and codes."""

    place: str
    code: str

    @property
    def message(self) -> str:
        """What is wrong, as a message id."""
        return SAYS[self.code][0]

    @property
    def remedy(self) -> str:
        """What to do about it, as a message id."""
        return SAYS[self.code][1]

    @property
    def level(self) -> Literal["error", "warning"]:
        """Whether it stops publication."""
        return "warning" if self.code in WARNINGS else "error"
