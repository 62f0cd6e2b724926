"""Where the graph is kept: one interface, and the implementations behind it."""

from kg.store.base import Change, QueryResult, Store, StoreError, StoreLockedError
from kg.store.oxigraph import OxigraphStore

__all__ = ["Change", "OxigraphStore", "QueryResult", "Store", "StoreError", "StoreLockedError"]
