"""Folding of written words to one form, so that variants of a name meet: case, Greek letters, UK spelling, inflection.

The same folding is applied to the names of terms and to the text that is read. The tables of stems hold only medical
and common scientific stems, because a blanket rule (``ae`` -> ``e``) would change words such as `aerobic`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["WORD", "fold_name", "fold_word"]

# A word is a run of letters or a number; everything else separates. `P2Y12` is four words, `0.55` is one.
WORD: Final = re.compile(r"[^\W\d_]+|\d+(?:[.,\u00b7]\d+)*")

_GREEK: Final = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta", "ι": "iota",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma",
    "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip

# British stem -> American stem, applied anywhere in a word.
_STEMS: Final = (
    ("haem", "hem"), ("anaem", "anem"), ("aemi", "emi"), ("aemia", "emia"), ("oesoph", "esoph"), ("oedem", "edem"), ("oestr", "estr"),
    ("tumour", "tumor"), ("leukaem", "leukem"), ("ischaem", "ischem"), ("paed", "ped"), ("gynaec", "gynec"), ("caecum", "cecum"),
    ("caecal", "cecal"), ("coeli", "celi"), ("rhoea", "rhea"), ("foet", "fet"), ("faec", "fec"), ("anaesth", "anesth"),
    ("aetiolog", "etiolog"), ("caesar", "cesar"), ("fibre", "fiber"), ("centre", "center"), ("litre", "liter"), ("metre", "meter"),
    ("calibre", "caliber"), ("behaviour", "behavior"), ("colour", "color"), ("labour", "labor"), ("favour", "favor"),
    ("orthopaed", "orthoped"), ("manoeuv", "maneuv"), ("sulph", "sulf"), ("oxidis", "oxidiz"), ("catheteris", "catheteriz"),
    ("isation", "ization"), ("ising", "izing"), ("grey", "gray"), ("programme", "program"), ("defence", "defense"),
    ("practis", "practic"), ("ageing", "aging"), ("judgement", "judgment"), ("tranexam", "tranexam"), ("lysing", "lyzing"), ("lysed", "lyzed"),
    ("radiolabell", "radiolabel"), ("labell", "label"), ("modell", "model"), ("tunnell", "tunnel"), ("channell", "channel"), ("orrhag", "orrhag"),
)  # fmt: skip
_ISED: Final = re.compile(r"(?<=[a-z]{3})is(e|ed|es)$")
_KEEP_ISE: Final = frozenset(
    ["disease", "diseased", "diseases", "exercise", "exercised", "exercises", "otherwise", "precise", "concise", "likewise", "noise", "raise", "raised", "raises", "rise", "rises", "surprise", "surprised", "wise", "comprise", "comprised", "comprises", "revise", "revised", "compromise", "compromised", "promise", "advise", "advised", "supervise", "supervised", "excise", "excised", "incise", "incised", "arise", "arises", "increase", "premise", "televised", "devise", "devised", "disguise", "enterprise", "expertise", "merchandise", "paradise", "exercises", "praise"]
)
_PLURALS: Final = {
    "metastases": "metastasis", "diagnoses": "diagnosis", "prognoses": "prognosis", "emboli": "embolus", "thrombi": "thrombus", "fistulae": "fistula",
    "vertebrae": "vertebra", "bronchi": "bronchus", "foci": "focus", "nuclei": "nucleus", "calculi": "calculus", "radii": "radius", "data": "data",
    "criteria": "criterion", "venae": "vena", "indices": "index", "appendices": "appendix", "axes": "axis", "haematomata": "hematoma", "sequelae": "sequela",
    "women": "woman", "men": "man", "children": "child", "feet": "foot", "teeth": "tooth", "lives": "life", "series": "series", "species": "species",
    "septa": "septum", "ova": "ovum", "varices": "varix", "cortices": "cortex", "matrices": "matrix", "viscera": "viscus", "stigmata": "stigma",
    "cases": "case", "doses": "dose", "bases": "base", "diseases": "disease", "responses": "response", "increases": "increase", "decreases": "decrease",
    "purposes": "purpose", "causes": "cause", "phases": "phase", "pulses": "pulse", "nurses": "nurse", "releases": "release", "kinases": "kinase",
    "lenses": "lens", "gases": "gas", "viruses": "virus", "sinuses": "sinus", "biases": "bias", "uses": "use", "losses": "loss", "courses": "course",
    "proteases": "protease", "lipases": "lipase", "enzymes": "enzyme", "houses": "house", "hoses": "hose", "glucoses": "glucose", "collapses": "collapse",
    "relapses": "relapse", "lapses": "lapse", "plexuses": "plexus", "abscesses": "abscess", "fetuses": "fetus", "pus": "pus",
}  # fmt: skip
_KEEP_S: Final = re.compile(r"(ss|us|is|as|ous|itis|osis|asis|esis|ysis|ps|ics|bs|rs)$")


def _singular(word: str) -> str:
    if word in _PLURALS:
        return _PLURALS[word]
    if len(word) < 4 or not word.endswith("s"):
        return word
    if word.endswith(("oses", "yses", "eses", "ases")) and len(word) > 6:
        return word[:-2] + "is"
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if word.endswith(("ss", "us", "is", "ous")):
        return word
    return word[:-1]


@lru_cache(maxsize=200_000)
def fold_word(word: str) -> str:
    """One word in its folded form; numbers keep their digits with a plain decimal point.

    >>> [fold_word(w) for w in ("Tumours", "haemorrhage", "stenoses", "embolisation", "metastases", "α")]
    ['tumor', 'hemorrhage', 'stenosis', 'embolization', 'metastasis', 'alpha']
    """
    text = unicodedata.normalize("NFKC", word).casefold()
    if text[:1].isdigit():
        return text.replace("\u00b7", ".")
    text = "".join(_GREEK.get(c, c) for c in text)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    for british, american in _STEMS:
        if british in text:
            text = text.replace(british, american)
    if text not in _KEEP_ISE:
        text = _ISED.sub(r"iz\1", text)
    return _singular(text)


def fold_name(name: str) -> tuple[str, ...]:
    """The folded words of a name; hyphens, slashes and brackets separate.

    >>> fold_name("Drug-eluting stents")
    ('drug', 'eluting', 'stent')
    """
    return tuple(fold_word(m.group()) for m in WORD.finditer(name))
