"""Reading.

A spaCy pipeline of small components, each leaving its result on the `Doc` (see
:mod:`ingest.nlp.annotations`).
"""
