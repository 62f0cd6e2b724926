"""What can be told of a query from its words, without parsing it: those outside strings, IRIs and comments.

The tokens follow the SPARQL 1.1 grammar (productions 139 to 173). Codepoint escapes are left alone: Oxigraph
reads them inside strings and IRIs only, so a keyword cannot be hidden in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

__all__ = ["calls_out", "is_update", "is_volatile", "names_dataset"]

_TOKEN: Final = re.compile(
    r"""
      \"\"\"(?:[^\\]|\\.)*?\"\"\" | '''(?:[^\\]|\\.)*?'''               # long strings
    | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'                     # strings
    | <(?:[^<>"{}|^`\\\x00-\x20]|\\[uU][0-9A-Fa-f]{4,8})*>              # IRIs
    | \#[^\n\r]*                                                        # comments
    | [?$@][\w-]+                                                       # variables and language tags
    | (?P<bare>[\w.\-]+)(?P<local>:(?:\\.|%[0-9A-Fa-f]{2}|[\w.:\-])*)?  # words, numbers, prefixed names
    | :(?:\\.|%[0-9A-Fa-f]{2}|[\w.:\-])*                                # names with the empty prefix
    """,
    re.VERBOSE | re.DOTALL,
)
_UPDATES: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
)
_VOLATILE: Final = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})


def _bare(query: str) -> Iterator[tuple[str, bool]]:
    """Words, numbers and prefixes in upper case, in order; True for those that a colon follows."""
    for found in _TOKEN.finditer(query):
        if (word := found["bare"]) is not None:
            yield word.upper(), found["local"] is not None


def calls_out(query: str) -> bool:
    """True when the query may hold a SERVICE clause.

    Oxigraph needs no space around a keyword (``trueSERVICE:x{...}`` is one), so every bare word and prefix
    that contains it counts.

    >>> calls_out("SELECT * { ?service ex:service 'SERVICE' }"), calls_out("ASK { SERVICE <http://a/> {} }")
    (False, True)
    """
    return any("SERVICE" in word for word, _ in _bare(query))


def is_update(text: str) -> bool:
    """True when the text is a SPARQL update: its first word after prefixes and base says so."""
    words = (word for word, prefix in _bare(text) if not prefix and word not in {"PREFIX", "BASE"})
    return next(words, "") in _UPDATES


def is_volatile(query: str) -> bool:
    """True when a function may give something else the next time."""
    return any(word in _VOLATILE for word, _ in _bare(query))


def names_dataset(query: str) -> bool:
    """True when the query says FROM; as generous as :func:`calls_out`.

    >>> names_dataset("SELECT ?from # FROM\\n{ ?from ex:from 'FROM' }")
    False
    """
    return any(word.endswith("FROM") for word, prefix in _bare(query) if not prefix)
