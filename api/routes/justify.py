"""Justification: a question or a profile in, ranked options with citations out."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.problems import bad_parameter
from api.routes.knowledge import Knowledge
from api.routes.state import Cached, KnowledgeOf, OpenGraph
from kg.model.justification import Profile
from kg.store import Store

__all__ = ["JustifyRequest", "router"]

router = APIRouter(tags=["Justification"])

# As many characters as a question is read for (ingest.question, which loads spaCy and is imported late).
_LONGEST: Final = 4_000
_Question = Annotated[
    str,
    Query(
        min_length=1,
        max_length=_LONGEST,
        description="The patient and the question in words.",
        examples=["HCC, BCLC B, Child-Pugh A, 6 cm"],
    ),
]


class JustifyRequest(BaseModel):
    """A profile, or a question in words; not both."""

    model_config = ConfigDict(extra="forbid")

    profile: dict[str, Any] | None = Field(
        default=None,
        description="The patient's disease and characteristics.",
        examples=[{"disease": "hepatocellular carcinoma", "BCLC": "B", "Child-Pugh": "A"}],
    )
    question: str = Field(default="", max_length=_LONGEST, description="The question in words.")


class JustifyAnswer(BaseModel):
    """The answer; docs/justification.md describes every field."""

    model_config = ConfigDict(extra="allow")

    answer_id: str = Field(description="A hash of graph, ontology, code and question.")
    question: str = Field(description="The question.")
    profile: dict[str, Any] = Field(description="What was understood of it.")
    options: list[dict[str, Any]] = Field(
        description="Therapies, the best first: scores, evidence for and against, eligibility, harms."
    )
    comparisons: list[dict[str, Any]] = Field(description="Options compared with each other, by outcome.")
    citations: list[dict[str, Any]] = Field(description="The numbered papers that everything refers to.")
    narrative: list[dict[str, Any]] = Field(description="The answer in sentences, each with its citations.")
    missing: list[str] = Field(description="What is not known, in plain words.")
    notice: str = Field(description="That the answer informs a decision and does not make one.")


# The answer is sent as the justification made it; the model stands in the documentation only, so that a field
# that is added there needs no change here.
_ANSWER: Final[dict[int | str, dict[str, Any]]] = {200: {"model": JustifyAnswer}}


@router.get(
    "/justify",
    summary="Justify a therapy",
    responses=_ANSWER,
    response_class=JSONResponse,
    dependencies=[Cached],
)
def justify_question(question: _Question, knowledge: KnowledgeOf, opened: OpenGraph) -> dict[str, Any]:
    """Reads the question, ranks the options for this patient, and cites the evidence for and against each."""
    if not question.strip():
        raise bad_parameter("query.question", "the question is empty")
    return _answer(opened.store, knowledge, knowledge.read_question(question), question)


@router.post(
    "/justify", summary="Justify a therapy for a profile", responses=_ANSWER, response_class=JSONResponse
)
def justify_profile(wanted: JustifyRequest, knowledge: KnowledgeOf, opened: OpenGraph) -> dict[str, Any]:
    """The same for a profile with named fields, or for a question that is too long for an address."""
    from kg.justify import profile_from_json

    if (wanted.profile is None) == (not wanted.question.strip()):
        raise bad_parameter("body", "give `profile` or `question`, one of them")
    if wanted.profile is None:
        profile = knowledge.read_question(wanted.question)
    else:
        profile = profile_from_json(wanted.profile, knowledge.ontology)
    return _answer(opened.store, knowledge, profile, wanted.question)


def _answer(store: Store, knowledge: Knowledge, profile: Profile, question: str) -> dict[str, Any]:
    from kg.justify import justify

    return justify(store, knowledge.ontology, profile, question=question).to_json()
