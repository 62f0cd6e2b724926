"""SERVICE must not get past the check; what Oxigraph itself takes for a call is tried against a listener."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.sparql.text import calls_out, is_update, is_volatile, names_dataset


class Listener:
    """A server that counts who calls."""

    def __init__(self) -> None:
        self.calls = 0
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                listener.calls += 1
                self.send_response(500)
                self.end_headers()

            do_GET = do_POST  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    one = Listener()
    yield one
    one.server.shutdown()


CALLS = [
    "SELECT * { SERVICE <URL> {?a ?b ?c} }",
    "SELECT * { service silent <URL> {?a ?b ?c} }",
    "SELECT * { SERVICE<URL>{?a ?b ?c} }",
    "PREFIX : <URL> SELECT * { SERVICE:{?a ?b ?c} }",
    "PREFIX : <URL> SELECT * { SERVICE:x{?a ?b ?c} }",
    "PREFIX ex: <URL> SELECT * { SERVICEex:x{?a ?b ?c} }",
    "PREFIX : <URL> SELECT * { ?s ?p 1.SERVICE:x{?a ?b ?c} }",
    "PREFIX : <URL> SELECT * { ?s ?p trueSERVICE:x{?a ?b ?c} }",
    "PREFIX ex: <URL> SELECT * { ?s ?p ex:a.SERVICE <URL> {?a ?b ?c} }",
    "SELECT * { ?s ?p _:b.SERVICE <URL> {?a ?b ?c} }",
    "SELECT * { ?s ?p 'x'SERVICE <URL> {?a ?b ?c} }",
    "SELECT * { ?s ?p 'x'@enSERVICE <URL> {?a ?b ?c} }",
    "SELECT * { ?s ?p 1e5SERVICE <URL> {?a ?b ?c} }",
    "SELECT * { ?s ?p '\\'' SERVICE <URL> {?a ?b ?c} }",
    "SELECT * { ?s ?p '''a'b''' SERVICE <URL> {?a ?b ?c} #'''\n }",
    'SELECT * { ?s ?p """a\\""" " SERVICE <URL> {?a ?b ?c} }#"""',
    "SELECT * { ?s ?p '\\u0027' SERVICE <URL> {?a ?b ?c} #'\n }",
    "SELECT * { FILTER(?a<?b) SERVICE <URL> {?a ?b ?c} #>\n }",
    "PREFIX ex: <URL> SELECT * { ?s ?p ex:a\\#b. SERVICE <URL> {?a ?b ?c} }",
    "PREFIX ex: <URL> SELECT * { ?s ?p ex:%23. SERVICE <URL> {?a ?b ?c} }",
    "SELECT * { ?s ?p <urn:a#b> . SERVICE <URL> {?a ?b ?c} }",
    "SELECT * { ?s ?p ?o # comment '\n SERVICE <URL> {?a ?b ?c} #'\n }",
    "SELECT * { ?s ?p ?o # comment '\r SERVICE <URL> {?a ?b ?c} #'\r }",
    "SELECT * { \\u0053ERVICE <URL> {?a ?b ?c} }",
    "SELECT * { { SELECT * { SERVICE ?x {?a ?b ?c} VALUES ?x { <URL> } } } }",
]


OBJECTS = [
    *(ox.Literal(text) for text in ("x", "'", "a'b", 'a"', 'a""" ')),
    *(ox.Literal("x", language=tag) for tag in ("en", "es")),
    *(ox.Literal(number, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}"))
      for number, kind in (("1", "integer"), ("1.", "decimal"), ("1e5", "double"), ("true", "boolean"))),
]  # fmt: skip


def reach(query: str) -> None:
    """Run a query over a store in which the patterns before its SERVICE match, whatever becomes of it."""
    store, graph, node = ox.Store(), ox.NamedNode("urn:g"), ox.NamedNode("urn:a")
    for one in (*OBJECTS, ox.NamedNode("urn:a#b"), ox.NamedNode("urn:ea"), node):
        store.add(ox.Quad(node, node, one, graph))
    with contextlib.suppress(SyntaxError, ValueError, RuntimeError):
        result = store.query(query, use_default_graph_as_union=True)
        assert isinstance(result, ox.QuerySolutions)
        for _ in result:
            pass


@pytest.mark.parametrize("template", CALLS)
def test_what_oxigraph_would_call_is_refused(listener: Listener, template: str) -> None:
    query, before = template.replace("URL", listener.url), listener.calls
    with contextlib.suppress(OSError):
        reach(query)
    if listener.calls > before:
        assert calls_out(query), "it gets past the check"


def test_the_hard_cases_really_call(listener: Listener) -> None:
    called = set()
    for template in CALLS:
        before = listener.calls
        with contextlib.suppress(OSError):
            reach(template.replace("URL", listener.url))
        if listener.calls > before:
            called.add(template)
    assert {one for one in CALLS if "true" in one or "\\u0027" in one or ":x{" in one[:50]} & called
    assert len(called) >= 10, called


def test_the_listener_hears_a_call(listener: Listener) -> None:
    before = listener.calls
    with pytest.raises(OSError, match="500"):
        list(ox.Store().query(CALLS[0].replace("URL", listener.url)))  # type: ignore[call-overload]
    assert listener.calls > before


PIECES = st.sampled_from(
    ["'", '"', "'''", '"""', "\\", "#", "\n", "<", ">", " ", ":", "a", "ex:a", ".", "?s", "1", "true", "{",
     "}", "<urn:a>", "@en", "%23", "\\u0027", "<URL>", "SERVICE", "SERVICE <URL> {?a ?b ?c}", ";", ","]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12))
def test_no_mixture_of_quotes_and_comments_hides_a_call(pieces: list[str]) -> None:
    """Whatever parses with a SERVICE clause in it, as far as Oxigraph's own error tells, is refused."""
    # Port 9 (discard) is closed: a call that is tried ends in an OSError at once.
    middle = "".join(pieces).replace("URL", "http://127.0.0.1:9/")
    query = "PREFIX ex: <urn:e> SELECT * { ?s ?p 'x' " + middle + " }"
    try:
        reach(query)
    except OSError:
        assert calls_out(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service ?p 'SERVICE <x>' }",
        "SELECT * { ?s <urn:SERVICE> ?o } # SERVICE",
        "PREFIX ex: <urn:x> ASK { ?s ex:service '''SERVICE''' }",
        'ASK { ?s ?p "say \\" SERVICE" }',
    ],
)
def test_the_word_elsewhere_is_no_call(query: str) -> None:
    assert not calls_out(query)


@pytest.mark.parametrize(
    ("text", "update"),
    [
        ("INSERT DATA { <a:a> <a:a> <a:a> }", True),
        ("PREFIX a: <urn:a> BASE <urn:b> delete where { ?s ?p ?o }", True),
        ("# DROP\nLOAD <file:///etc/passwd>", True),
        ("SELECT ?x { ?x ?y 'INSERT' }", False),
        ("PREFIX insert: <urn:a> ASK {}", False),
        ("", False),
    ],
)
def test_updates_are_told_from_queries(text: str, update: bool) -> None:
    assert is_update(text) == update


def test_a_dataset_in_the_query_is_seen() -> None:
    assert names_dataset("SELECT * FROM<urn:g>{?s ?p ?o}")
    assert names_dataset("select * from named <urn:g> {?s ?p ?o}")
    assert not names_dataset("SELECT ?from { ?from <urn:FROM> 'FROM' }")


def test_functions_that_change_are_seen() -> None:
    assert is_volatile("SELECT (now() AS ?n) {}")
    assert not is_volatile("SELECT ?now { ?now ?rand 'UUID' }")


def test_long_input_is_read_in_linear_time() -> None:
    for text in ("1" * 200_000, "a." * 100_000, "'" * 200_000, '"""' + "\\" * 200_001, "<" * 200_000):
        assert not calls_out(text)
