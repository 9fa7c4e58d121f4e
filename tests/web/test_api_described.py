"""The description of the API says all of it; and the API does nothing that isn't described."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.web.routes import ANYWHERE, ROUTES
from tests.web.studio import EVERYTHING, StudioUnderTest

from bojagi.services.permissions import SCOPES
from bojagi.web.api.access import PUBLIC, SAFE, answers_of, route_rules
from bojagi.web.api.problems import TITLES

HTML: Final = "text/html"


def _plain(path: str) -> Iterator[str]:
    """Return a path with its parameters' names alone."""
    for part in path.split("{"):
        name, closing, rest = part.partition("}")
        yield f"{{{name.rpartition(':')[2]}}}{rest}" if closing else part


EXAMPLES: Final = "BOJAGI_TEST_EXAMPLES"
"""The variable by which the benchmark asks for more."""
EXAMPLES_EACH: Final = int(os.environ.get(EXAMPLES, "3"))
"""For each of 45 operations, right and wrong, on each of two databases: 540."""
OPERATIONS: Final = [
    (each.method, "".join(_plain(each.path.replace("<", "{").replace(">", "}"))))
    for each in ROUTES
    if not each.path.endswith("openapi.json")
]
CHECKS: Final = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield path, method.upper(), operation


def test_every_route_is_described_with_its_rule_and_its_security(shared: StudioUnderTest) -> None:
    document = shared.spec()
    assert document["openapi"] == "3.1.0"
    told = {(method, path): operation for path, method, operation in operations(document)}
    routes = {
        (each.method, each.path.replace("<", "{").replace(">", "}")): each
        for each in route_rules(shared.app)
        if not each.path.endswith("openapi.json")
    }
    assert len(told) == len(routes) > 40
    by_rule = {(method, shown): told[method, "".join(_plain(shown))] for method, shown in routes}
    for key, operation in by_rule.items():
        route = routes[key]
        if route.verb == PUBLIC:
            assert operation["security"] == []
            continue
        assert operation["x-rule"] == route.verb
        assert ("csrf" in operation["security"][0]) == (route.method not in SAFE)
        scopes = [each["token"] for each in operation["security"] if "token" in each]
        assert scopes == ([list(route.scopes)] if route.scopes else [])


def test_every_operation_has_words_and_every_body_and_answer_an_example(
    shared: StudioUnderTest,
) -> None:
    document = shared.spec()
    for path, method, operation in operations(document):
        where = f"{method} {path}"
        assert operation["summary"].endswith("."), where
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        bodies += [each for each in operation["responses"].values() if "content" in each]
        for body in bodies:
            for shape in body["content"].values():
                assert "example" in shape, where
                assert shape["schema"], where
        assert any(status.startswith("2") for status in operation["responses"]), where
        names = {each["name"] for each in _parameters(document, path, operation)}
        for name in names:
            assert name.isascii()


def _parameters(
    document: dict[str, Any], path: str, operation: dict[str, Any]
) -> list[dict[str, Any]]:
    return [*document["paths"][path].get("parameters", []), *operation.get("parameters", [])]


def test_the_description_says_nothing_of_what_stands_in_this_studio(
    shared: StudioUnderTest,
) -> None:
    with ANYWHERE.test_client().get("/api/v1/openapi.json") as elsewhere:
        assert elsewhere.json == shared.spec()


def test_every_problem_is_described_with_an_example(shared: StudioUnderTest) -> None:
    document = shared.spec()
    for status in TITLES:
        shape = document["components"]["responses"][f"Problem{status}"]["content"]
        example = shape["application/problem+json"]["example"]
        assert example["status"] == status
        assert example["type"].startswith("urn:bojagi:problem:")
    for _, method, operation in operations(document):
        told = {*operation["responses"]}
        assert {"400", "405", "422", "503"} <= told
        if operation["security"]:
            assert {"401", "403"} <= told
        if method not in SAFE:
            assert {"411", "413"} <= told
        if "requestBody" in operation:
            assert "415" in told
    for view in shared.app.view_functions.values():
        assert answers_of(view) <= set(TITLES)


@pytest.fixture(scope="session")
def token(shared: StudioUnderTest) -> str:
    return shared.with_token(EVERYTHING, *SCOPES).token


@pytest.fixture(scope="session")
def description(shared: StudioUnderTest) -> Any:  # noqa: ANN401 - schemathesis's own
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", shared.app)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_nothing_that_is_sent_gets_an_answer_that_is_not_described(
    description: Any,  # noqa: ANN401
    token: str,
    method: str,
    path: str,
    mode: GenerationMode,
) -> None:
    headers = {"Authorization": f"Bearer {token}"}

    @seed(20261126)
    @given(case=description[path][method].as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES_EACH,
        deadline=None,
        database=None,
        suppress_health_check=[*HealthCheck],
        phases=[Phase.generate],
    )
    def ask(case: Any) -> None:  # noqa: ANN401 - schemathesis's own
        case.call_and_validate(checks=CHECKS, headers=headers)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "there is nothing to get wrong"
