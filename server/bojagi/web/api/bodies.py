"""Reading bodies: JSON alone, and whatever else comes is a problem and never a fault of ours."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from flask import Request
from webargs.flaskparser import FlaskParser

from bojagi.web.api.problems import ProblemError


class BodyParser(FlaskParser):
    """The parser of everything that is sent to a route."""

    def load_json(self, req: Request, schema: Any) -> Any:  # noqa: ANN401 - the library's own
        """Read a body.

        Raises:
            ProblemError: 415 when it says that it is no JSON, 400 when it is none.
        """
        del schema
        raw = req.get_data()
        if not raw:
            return {}
        if not req.is_json:
            raise ProblemError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send application/json")
        try:
            return json.loads(raw)
        except (ValueError, RecursionError) as error:
            # Also what is nested without end, and numbers of thousands of digits.
            raise ProblemError(HTTPStatus.BAD_REQUEST, "the body is no JSON") from error
