"""The application factory. It only wires."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast
from wsgiref.types import WSGIApplication

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from bojagi.settings import Settings
from bojagi.web.answers import error_answer
from bojagi.web.guard import Guard
from bojagi.web.shelves import mount_shelves, shelf_of
from bojagi.web.static import TreeServer


def create_app(settings: Settings) -> Flask:
    """Make the application: the static trees before Flask, the guard before both.

    Raises:
        ServeError: when there is nothing to serve.
    """
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


def application() -> Flask:
    """Make the application of a server process, from its environment."""
    return create_app(Settings.from_environment())
