"""From a profile to a justified answer: a walk over the neighbourhood of a disease in the graph."""

from kg.justify.answer import justify
from kg.justify.profile import ProfileError, profile_from_json, profile_to_json
from kg.justify.text import render

__all__ = ["ProfileError", "justify", "profile_from_json", "profile_to_json", "render"]
