"""Criteria of eligibility as a table that curators edit, each with its source."""
