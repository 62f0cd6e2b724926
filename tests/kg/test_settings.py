from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from kg.settings import Settings, get_settings


def test_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"IRKG_{name.upper()}", raising=False)
    settings = Settings()
    assert settings.store_folder == Path("irkg-data/store")
    assert not settings.in_memory
    assert settings.host == "127.0.0.1"


def test_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRKG_DATA", "/somewhere")
    monkeypatch.setenv("IRKG_PORT", "99")
    get_settings.cache_clear()
    assert get_settings().store_folder == Path("/somewhere/store")
    assert get_settings().port == 99
    monkeypatch.setenv("IRKG_STORE", "memory")
    assert Settings().in_memory
    monkeypatch.setenv("IRKG_PORT", "0")
    with pytest.raises(ValidationError):
        Settings()
    get_settings.cache_clear()


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())
