from __future__ import annotations

import pytest
from lxml import etree

from ingest.sources.markup import paragraphs, plain

B = '<xref ref-type="bibr" rid="b">{}</xref>'


def text(markup: str) -> str:
    return plain(etree.fromstring(f'<p xmlns:mml="m">{markup}</p>'))


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("10<sup>9</sup>/L", "10^9/L"),
        ("10 <sup>9</sup>", "10 9"),
        ("10<sup>−9</sup> M", "10^−9 M"),
        ("75 mg/m<sup>2 </sup>daily", "75 mg/m2 daily"),
        ("<sup>90</sup>Y and <sup>18</sup>F-FDG", "90Y and 18F-FDG"),
        ("CD4<sup>+</sup> cells", "CD4^+ cells"),
        ("Ca<sup>2+</sup>", "Ca2+"),
        ("min<sup>-1</sup>", "min^-1"),
        ("the 1<sup>st</sup> day", "the 1st day"),
        ("CO<sub>2</sub> gas", "CO2 gas"),
        ("<italic>P</italic> &lt; 0.05", "P < 0.05"),
        ("device*<sup>†</sup> was", "device* was"),
        ("DC Bead<sup>®</sup> was", "DC Bead® was"),
        ("chemoembolization<sup>12,13</sup> was", "chemoembolization was"),
        ("survival.<sup>2 </sup>Both arms", "survival. Both arms"),
        ("with it.<sup>90</sup>Y was", "with it.90Y was"),
        ("<bold>Results.</bold>We saw", "Results. We saw"),
        ("line<break/>break", "line break"),
        ("in one arm.The other", "in one arm. The other"),
        ("see <xref ref-type='fig' rid='f'>Fig. 1</xref>.", "see Fig. 1."),
        (
            "a value of <inline-formula><tex-math>\\frac{a}{b}</tex-math></inline-formula> was",
            "a value of was",
        ),
        (
            "<inline-formula><mml:math><mml:mi>p</mml:mi><mml:mo>=</mml:mo><mml:mn>0.04"
            "</mml:mn></mml:math></inline-formula>",
            "p = 0.04",
        ),
    ],
)
def test_inline_markup(markup: str, expected: str) -> None:
    assert text(markup) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"TACE works [{B.format(1)}].", "TACE works."),
        (f"TACE works [{B.format(1)},{B.format(2)}–{B.format(5)}] well.", "TACE works well."),
        (f"TACE works [{B.format(1)}],[{B.format(3)}].", "TACE works."),
        (f"TACE works {B.format('[1]')}, and", "TACE works, and"),
        (f"TACE works.<sup>{B.format(1)},{B.format(2)}</sup> Then", "TACE works. Then"),
        (f"TACE<sup>{B.format('12')}</sup> works", "TACE works"),
        (f"TACE{B.format('<sup>12</sup>')} works", "TACE works"),
        (f"TACE works (see {B.format(3)} and {B.format(4)}).", "TACE works."),
        (f"TACE works ({B.format('Llovet et al., 2002')}; {B.format('Lo, 2002')}).", "TACE works."),
        (f"{B.format('Llovet et al.')} saw it", "Llovet et al. saw it"),
        (f"as Lo et al. ({B.format('2002')}) saw", "as Lo et al. saw"),
        (f"as Lo et al., {B.format('2002')}, saw", "as Lo et al., 2002, saw"),
        (f"well {B.format(5)}and more", "well and more"),
        (f"it worked (95% CI [1, 3]) [{B.format(7)}]", "it worked (95% CI [1, 3])"),
    ],
)
def test_citations_are_left_out(markup: str, expected: str) -> None:
    assert text(markup) == expected


def test_lists_and_tables_in_a_paragraph() -> None:
    node = etree.fromstring(
        "<p>Criteria:<list><list-item><label>1</label><p>•"
        " adults</p></list-item><list-item><p>HCC</p></list-item></list>"
        "and<table-wrap><table><tr><td>99</td></tr></table></table-wrap> more</p>"
    )
    assert paragraphs(node) == ["Criteria:", "adults", "HCC", "and more"]
