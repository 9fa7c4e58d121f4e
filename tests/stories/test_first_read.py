"""A phone on a slow link opens the list and the first article: how much comes over the wire."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from tests.stories.measured import MEASURED
from tests.stories.running import RunningServer
from tests.stories.trees import is_article, pages_of, shelf_codes
from tests.stories.wire import Asker, exchange

from bojagi.building.artifact import HEADER_BYTES
from bojagi.domain import limits

LIKE_A_PHONE = (
    "GET {path} HTTP/1.1\r\nHost: here\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
    "Connection: close\r\n\r\n"
)


def weight(server: RunningServer, path: str) -> tuple[int, int]:
    """Every byte of an answer as it comes out of the socket: the head's, the body's."""
    came, _ = exchange(server.port, LIKE_A_PHONE.format(path=path).encode())
    head, _, body = came.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"content-encoding: br" in head.lower()
    return len(head) + 4, len(body)


def test_the_list_and_the_first_article_fit_the_first_flight(
    server: RunningServer, record_property: Callable[[str, object], None]
) -> None:
    for index, code in enumerate(shelf_codes(server.data)):
        prefix = f"/{code}/" if index else "/"
        addresses = pages_of(server.data, code)
        editions = sorted({each.partition("/")[0] for each in addresses if is_article(each)})
        assert editions
        shelf_list = sum(weight(server, prefix))
        for edition in editions:
            listed = sum(weight(server, f"{prefix}{edition}"))
            article = sum(weight(server, f"{prefix}{edition}/1"))
            record_property(
                MEASURED,
                f"first read of {prefix}{edition}: list {listed} + article {article} = "
                f"{listed + article} B of {limits.FIRST_READ_BYTES} B"
                f" (with the list of lists {shelf_list + listed + article} B)",
            )
            assert listed + article <= limits.FIRST_READ_BYTES


def test_the_headers_weigh_no_more_than_the_budget_reckons_with(server: RunningServer) -> None:
    for index, code in enumerate(shelf_codes(server.data)):
        for address in pages_of(server.data, code):
            head, _ = weight(server, f"/{code}/{address}" if index else f"/{address}")
            assert head <= HEADER_BYTES, address


def test_no_article_needs_more_than_the_first_flight(server: RunningServer) -> None:
    with closing(Asker(server.port)) as asker:
        for index, code in enumerate(shelf_codes(server.data)):
            for address in filter(is_article, pages_of(server.data, code)):
                path = f"/{code}/{address}" if index else f"/{address}"
                answer = asker.ask(path, Accept_Encoding="br")
                assert len(answer.body) + HEADER_BYTES <= limits.FIRST_READ_BYTES, path
