"""Publishing a cut and taking it back, with a look at exactly what everybody will see."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from markupsafe import escape
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Permission
from survey.errors import NotFound, PhieuError
from survey.services import cuts, publishing, surveys
from survey.web import drawings
from survey.web.fields import Form
from survey.web.security import actor, requires, runtime
from survey.web.shown import views
from survey.web.shown.blueprint import blueprint, policy
from survey.web.workbench import go, say, words


@requires(Permission.PUBLISH)
@blueprint.get("/staff/surveys/<slug>/public")
def staff(slug: str) -> str:
    """What is public now, the cuts that could be, and how other sites show it."""
    return _page(slug, Form())


@requires(Permission.PUBLISH)
@blueprint.post("/staff/surveys/<slug>/public")
def publish(slug: str) -> AnyResponse | tuple[str, int]:
    """Publishes the cut that was chosen; a new one is made first, to be looked at."""
    form, status, typed = Form(), 400, request.form.get("number", "")
    if form.validate_on_submit():
        _ = words()
        try:
            if typed == "new":
                made = cuts.make_cut(runtime(), actor(), slug).number
                say(_("Data cut {number} is made. Look at it, then make it public.", number=made))
                return go("shown.staff", slug=slug, cut=made)
            number = _whole(typed)
            publishing.publish(runtime(), actor(), slug, number, open_data="open_data" in request.form)
        except PhieuError as error:
            form.blame(error)
            status = error.status
        else:
            say(_("Everybody can see data cut {number} now.", number=number))
            return go("shown.staff", slug=slug)
    return _page(slug, form), status


@requires(Permission.PUBLISH)
@blueprint.post("/staff/surveys/<slug>/public/withdraw")
def withdraw(slug: str) -> AnyResponse | tuple[str, int]:
    """Takes back what is public."""
    form = Form()
    try:
        publishing.withdraw(runtime(), actor(), slug)
    except PhieuError as error:
        form.blame(error)
        return _page(slug, form), error.status
    _ = words()
    say(_("Nobody sees these results any more. Copies that others kept stay with them."))
    return go("shown.staff", slug=slug)


@requires(Permission.PUBLISH)
@blueprint.get("/staff/surveys/<slug>/public/<number>")
def look(slug: str, number: str) -> Response:
    """The page as everybody would see it, inside the staff page."""
    shown = publishing.preview(runtime(), actor(), slug, _whole(number))
    t = words()

    def address(name: str, width: str | None) -> str:
        return url_for("shown.look_chart", slug=slug, number=number, name=name, width=width)

    response = Response(views.body(shown, t, address, preview=True), content_type=views.HTML)
    response.headers["Content-Security-Policy"] = policy(("'self'",))
    return response


@requires(Permission.PUBLISH)
@blueprint.get("/staff/surveys/<slug>/public/<number>/charts/<name>.svg")
def look_chart(slug: str, number: str, name: str) -> Response:
    """A chart of the same."""
    shown = publishing.preview(runtime(), actor(), slug, _whole(number))
    return Response(views.picture(shown.result, name, words(), narrow=drawings.narrow()), content_type=views.SVG)


def _whole(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise NotFound("cut_unknown", "There is no such data cut.", "Look it up in the survey's list of cuts.")
    return int(typed)


def _page(slug: str, form: Form) -> str:
    base = runtime().settings.public_base_url or ""
    found = publishing.state(runtime(), actor(), slug)
    listed = cuts.list_cuts(runtime(), actor(), slug)
    asked = request.args.get("cut", "")
    chosen = next((one for one in listed if str(one.number) == asked), None)
    if chosen is None and found is not None and found.withdrawn_on is None:
        chosen = next((one for one in listed if one.number == found.number), None)
    survey = surveys.show(runtime(), actor(), slug)
    address = base.rstrip("/") + url_for("shown.page", slug=slug)
    width, height = views.BADGE
    # Escaped here as the other site's page needs it, and once more when it is shown.
    title = escape(survey.title)
    badge = f'<a href="{address}"><img src="{address}/badge.svg" width="{width}" height="{height}" alt="{title}"></a>'
    frame = f'<iframe src="{address}/embed" width="360" height="300" title="{title}"></iframe>'
    return render_template(
        "shown/staff.html",
        survey=survey,
        address=address,
        badge=badge,
        frame=frame,
        found=found,
        cuts=listed,
        chosen=chosen or (listed[0] if listed else None),
        form=form,
    )
