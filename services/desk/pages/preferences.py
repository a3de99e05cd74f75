"""How somebody likes to read, staff and citizens alike: kept by the browser."""

from typing import Any

from flask import Blueprint, make_response, redirect, request

from services.desk.pages.guard import way_back
from services.desk.wording import LANGUAGES

pages = Blueprint("preferences", __name__)

_COOKIE_SECONDS = 365 * 24 * 3600


@pages.post("/preferences")
def prefer() -> Any:
    """Another language, or larger text."""
    response = make_response(redirect(way_back(), code=303))
    if (language := request.form.get("language")) in LANGUAGES:
        response.set_cookie("language", language, max_age=_COOKIE_SECONDS, samesite="Lax", httponly=True)
    if (text := request.form.get("text")) in ("normal", "large"):
        response.set_cookie("text", text, max_age=_COOKIE_SECONDS, samesite="Lax", httponly=True)
    return response
