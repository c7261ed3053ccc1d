"""Comments whose personal data is known: those written for the tests, and generated ones."""

from __future__ import annotations

import random
import re
from pathlib import Path

WRITTEN = Path(__file__).parent / "written.txt"

Gold = tuple[str, tuple[tuple[int, int], ...]]
"""A text, and where what must be masked stands in it."""


def read(marked: str) -> Gold:
    """``Gọi [[0912345678]]`` → the text without its marks and the places between them."""
    text, places = "", []
    for number, piece in enumerate(re.split(r"\[\[|\]\]", marked)):
        if number % 2:
            places.append((len(text), len(text) + len(piece)))
        text += piece
    return text, tuple(places)


def written() -> list[Gold]:
    """The comments of the file."""
    lines = WRITTEN.read_text(encoding="utf-8").splitlines()
    return [read(line) for line in lines if line and not line.startswith("#")]


FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương")
MIDDLE = ("Văn", "Thị", "Hữu", "Ngọc", "Minh", "Thanh", "Quốc")
GIVEN = (
    "An",
    "Bình",
    "Chi",
    "Dũng",
    "Hạnh",
    "Khánh",
    "Lan",
    "Mai",
    "Nam",
    "Phúc",
    "Quý",
    "Sơn",
    "Tâm",
    "Thảo",
    "Vy",
    "Yến",
)
TITLES = ("anh", "chị", "ông", "bà", "cô", "chú", "Anh", "Chị", "Ông", "cán bộ", "chuyên viên", "đồng chí", "bác", "em")
BEFORE = ("Tôi muốn góp ý về", "Hôm qua gặp", "Xin cảm ơn", "Đề nghị xem lại", "Rất khó chịu với", "Nhờ kiểm tra")
AFTER = (
    "vì làm việc chậm.",
    ", mong sớm được trả lời.",
    "ở quầy số 2.",
    "trong ngày 16/10/2026.",
    "– xin cám ơn!",
    ".",
)
HARMLESS = (
    "Thủ tục còn nhiều giấy tờ.",
    "Lệ phí 1.200.000 đồng là cao.",
    "Chờ từ 8h đến 11h30.",
    "Theo Nghị định 45/2020/NĐ-CP.",
    "Cơ sở vật chất sạch đẹp.",
    "Cán bộ Một cửa vui vẻ.",
    "Nên tăng giờ làm việc sáng thứ bảy.",
)


def generated(number: int, seed: int) -> list[Gold]:
    """Comments put together by chance; each has personal data of one kind, most have harmless figures too."""
    chance = random.Random(seed)
    return [read(_one(chance)) for _ in range(number)]


def _one(chance: random.Random) -> str:
    kind = chance.choice(("phone", "phone", "name", "name", "identity", "email", "plate", "dossier", "account", "tax"))
    before, said = {
        "phone": ("", _phone),
        "name": (f"{chance.choice(TITLES)} ", _name),
        "identity": (chance.choice(("CCCD ", "căn cước số ", "cmnd ", "")), _identity),
        "email": (chance.choice(("mail ", "email: ", "")), _email),
        "plate": (chance.choice(("xe ", "biển số ")), _plate),
        "dossier": (chance.choice(("hồ sơ ", "mã hồ sơ ", "")), _dossier),
        "account": (chance.choice(("tài khoản ", "stk ", "STK: ")), _account),
        "tax": (chance.choice(("MST ", "mã số thuế ")), _tax),
    }[kind]
    rest = [f"{chance.choice(BEFORE)} {before}[[{said(chance)}]] {chance.choice(AFTER)}", chance.choice(HARMLESS)]
    chance.shuffle(rest)
    return " ".join(rest[: chance.randint(1, 2)] if "[[" in rest[0] else rest)


def _digits(chance: random.Random, number: int) -> str:
    return "".join(chance.choices("0123456789", k=number))


def _phone(chance: random.Random) -> str:
    mobile = chance.choice("35789") + _digits(chance, 8)
    place = chance.choice(("", " ", ".", "-"))
    cut = chance.choice(((2, 3), (3, 3), (1, 4)))
    groups = (mobile[: cut[0]], mobile[cut[0] : cut[0] + cut[1]], mobile[cut[0] + cut[1] :])
    start = chance.choice(("0", "0", "0", "+84", "+84 ", "84", "(0)"))
    if start == "84":
        place = ""
    if chance.random() < 0.15:
        return f"0277{chance.choice(' .-')}3{_digits(chance, 6)}"
    return start + place.join(groups)


def _name(chance: random.Random) -> str:
    given = chance.choice(GIVEN)
    return given if chance.random() < 0.4 else f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {given}"


def _identity(chance: random.Random) -> str:
    digits = "0" + _digits(chance, 11) if chance.random() < 0.7 else chance.choice("123") + _digits(chance, 8)
    return digits if chance.random() < 0.7 else " ".join(digits[n : n + 3] for n in range(0, len(digits), 3))


def _email(chance: random.Random) -> str:
    name = "".join(chance.choices("abcdefghijklmnop", k=7)) + chance.choice(("", ".vn", "_88", "123"))
    return f"{name}@{chance.choice(('gmail.com', 'yahoo.com.vn', 'dongthap.gov.vn', 'cty-abc.vn'))}"


def _plate(chance: random.Random) -> str:
    series = chance.choice(("A", "C", "F", "C1", "H1", "P1", "LD"))
    number = _digits(chance, 3) + chance.choice((".", "")) + _digits(chance, 2)
    return f"{chance.randint(11, 99)}{series}{chance.choice('- ')}{number}"


def _dossier(chance: random.Random) -> str:
    office = f"{chance.choice(('000.00.12.', '000.12.', ''))}H{chance.randint(10, 66)}"
    return f"{office}-26{chance.randint(10, 12)}{chance.randint(10, 28)}-{_digits(chance, 4)}"


def _account(chance: random.Random) -> str:
    digits = "1" + _digits(chance, chance.choice((11, 12, 13)))
    return digits if chance.random() < 0.7 else " ".join(digits[n : n + 4] for n in range(0, len(digits), 4))


def _tax(chance: random.Random) -> str:
    return chance.choice("0123") + _digits(chance, 9) + chance.choice(("", "", "-001"))
