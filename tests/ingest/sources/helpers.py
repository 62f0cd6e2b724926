"""Small inputs that the tests of the readers share."""

from __future__ import annotations

from pathlib import Path

from ingest.sources import Failed, Item, Read, read
from kg.model import Publication


def pubmed(
    number: int = 1, title: str = "Embolization of the hepatic artery.", extra: str = "", abstract: str = ""
) -> str:
    body = (
        abstract or '<AbstractText Label="RESULTS" NlmCategory="RESULTS">Survival was longer.</AbstractText>'
    )
    return (
        f"<PubmedArticle><MedlineCitation><PMID"
        f' Version="1">{number}</PMID>{extra}<Article><Journal><JournalIssue>'
        f"<PubDate><Year>2002</Year><Month>May</Month><Day>18</Day></PubDate>"
        f"</JournalIssue><Title>A Journal</Title>"
        f"</Journal><ArticleTitle>{title}</ArticleTitle><Abstract>{body}</Abstract>"
        f"</Article></MedlineCitation>"
        f"</PubmedArticle>"
    )


def pubmed_set(*records: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC'
        ' "-//NLM//DTD PubMedArticle, '
        '1st January 2024//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_240101.dtd">\n'
        f"<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>"
    )


def jats(body: str = "", abstract: str = "<p>Short.</p>", meta: str = "", attributes: str = "") -> str:
    return (
        '<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "JATS.dtd">'
        f'<article article-type="research-article" xml:lang="en" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'xmlns:mml="http://www.w3.org/1998/Math/MathML" {attributes}><front><article-meta>'
        f'<article-id pub-id-type="pmc">77</article-id><article-id pub-id-type="pmid">7</article-id>'
        f"<title-group><article-title>A title</article-title></title-group>{meta}"
        f"<abstract>{abstract}</abstract></article-meta></front><body>{body}</body></article>"
    )


def items(folder: Path, content: str | bytes, name: str = "input.xml") -> list[Item]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read(path))


def one(folder: Path, content: str | bytes, name: str = "input.xml") -> Publication:
    (item,) = items(folder, content, name)
    assert isinstance(item, Read), item
    return item.publication


def failure(item: Item) -> Failed:
    assert isinstance(item, Failed), item
    return item
