"""The sample city, opened once; it is read only."""

from __future__ import annotations

import pytest

from smartcity_console.city import City


@pytest.fixture(scope="session")
def gaon() -> City:
    return City.open()
