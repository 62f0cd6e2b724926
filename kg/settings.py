"""The one settings object: environment variables ``IRKG_*``, or a file ``.env`` in the working folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Settings", "get_settings"]


class Settings(BaseSettings):
    """What can be set from outside; every field is an environment variable with the prefix ``IRKG_``.

    >>> Settings(data=Path("/data")).store_folder.as_posix()
    '/data/store'
    """

    model_config = SettingsConfigDict(env_prefix="IRKG_", env_file=".env", extra="ignore", frozen=True)

    data: Path = Field(default=Path("irkg-data"), description="Folder for everything that is written.")
    store: str = Field(
        default="",
        description="Where the graph is: a folder, or `memory`. Empty: `store` in the data folder.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the server listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port that the server listens on.")
    query_timeout: float = Field(
        default=30.0, gt=0, description="Seconds after which a SPARQL query is stopped."
    )
    query_workers: int = Field(default=2, ge=1, description="Processes that answer SPARQL queries.")
    page_limit: int = Field(default=200, ge=1, description="The most items on one page of an answer.")

    @property
    def store_folder(self) -> Path:
        """The folder of the on-disk graph."""
        return Path(self.store) if self.store and self.store != "memory" else self.data / "store"

    @property
    def in_memory(self) -> bool:
        """True when the graph is to live in memory only."""
        return self.store == "memory"


@cache
def get_settings() -> Settings:
    """The settings of this process, read once; ``get_settings.cache_clear()`` reads them anew."""
    return Settings()
