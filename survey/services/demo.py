"""A first office to look at: one unit, the conference survey with its collectors, and an account without a password."""

from __future__ import annotations

from dataclasses import dataclass

from survey.collection.links import survey_url
from survey.services import accounts, authoring, collectors
from survey.services.runtime import OPERATOR, Runtime
from survey.services.surveys import list_surveys

SLUG = "hoi-nghi-doi-thoai"
EMAIL = "quantri@demo.invalid"
COLLECTORS = (
    ("event", "Hội trường"),
    ("leaflet", "Tờ rơi phát tại hội nghị"),
    ("poster", "Áp phích ở sảnh"),
    ("counter", "Bộ phận Một cửa"),
)


@dataclass(frozen=True)
class Demo:
    """What to tell whoever started it. ``invitation`` is the path of a link to choose the password, empty once it is
    chosen."""

    survey_url: str
    email: str
    invitation: str


def prepare(runtime: Runtime) -> Demo:
    """Makes what is missing of the demo, leaves what is there. A new invitation is made while no password is chosen."""
    if not any(one.slug == SLUG for one in list_surveys(runtime, OPERATOR)):
        authoring.create_survey(
            runtime,
            OPERATOR,
            slug=SLUG,
            template="conference",
            office_name="Sở Văn hóa, Thể thao và Du lịch tỉnh Đồng Tháp",
            superior="Ủy ban nhân dân tỉnh Đồng Tháp",
            phone="1022",
            email="gopy@demo.invalid",
            population=120,
        )
        authoring.publish(runtime, OPERATOR, SLUG)
        for kind, name in COLLECTORS:
            collectors.add(runtime, OPERATOR, SLUG, kind, name)
    first = collectors.list_collectors(runtime, OPERATOR, SLUG)[0]
    return Demo(
        survey_url=survey_url(runtime.settings.base_url, first.code),
        email=EMAIL,
        invitation=accounts.invite_until_used(runtime, OPERATOR, EMAIL, "administrator"),
    )
