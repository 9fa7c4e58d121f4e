"""The application factory. It only wires."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Final, cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from bojagi.settings import Settings, Surface
from bojagi.web.answers import error_answer
from bojagi.web.guard import Guard
from bojagi.web.shelves import mount_shelves, shelf_of
from bojagi.web.static import TreeServer

API: Final = "/api/"


class Surfaces:
    """The studio's API below `/api/`, and the reading surfaces everywhere else."""

    def __init__(self, reading: WSGIApplication, studio: WSGIApplication) -> None:
        self.reading = reading
        self.studio = studio

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand a request to the one it is for."""
        is_api = environ.get("PATH_INFO", "").startswith(API)
        return (self.studio if is_api else self.reading)(environ, start_response)


def create_app(settings: Settings) -> Flask:
    """Make the application: the static trees before Flask, the guard before both.

    The studio opens its database; a surface without it never does.

    Raises:
        ServeError: when there is nothing to serve.
        DatabaseUnusableError: when the studio's database can't be used.
    """
    if settings.surface is Surface.STUDIO:
        return _studio(settings)
    app = _reading(settings)
    if settings.surface.has_studio:
        studio = _studio(settings)
        reading, api = (cast("WSGIApplication", each.wsgi_app) for each in (app, studio))
        app.wsgi_app = Surfaces(reading, api)  # type: ignore[method-assign]
        app.extensions.update(studio.extensions)
    return app


def _reading(settings: Settings) -> Flask:
    app = Flask("bojagi", static_folder=None)
    # An exception goes to the guard, which logs no word of it; Flask would log the path.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    trees = TreeServer(cast("WSGIApplication", app.wsgi_app), lambda: mount_shelves(settings))

    @app.errorhandler(HTTPException)
    def tell(error: HTTPException) -> Response:
        status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
        answer = error_answer(shelf_of(request.path, trees.shelves), status, request.path)
        return Response(answer.file, status=status, headers=answer.headers)

    app.wsgi_app = Guard(  # type: ignore[method-assign]
        trees, lambda path, status: error_answer(shelf_of(path, trees.shelves), status, path)
    )
    return app


def _studio(settings: Settings) -> Flask:
    # Here, so that a process which only serves pages holds none of it.
    from datetime import UTC, datetime

    from bojagi.services.data_folder import DataFolder
    from bojagi.services.desk import Desk
    from bojagi.web.api.application import create_studio
    from bojagi.web.api.workbench import Workbench

    desk = Desk.open(DataFolder(settings.data), settings.database)
    return create_studio(Workbench(desk, lambda: datetime.now(UTC), settings.https))


def application() -> Flask:
    """Make the application of a server process, from its environment."""
    return create_app(Settings.from_environment())
