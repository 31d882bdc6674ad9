"""Privacy masks: polygons fit for the journal, the fold, a lift that ends by the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from smartcity_console.gateway.privacy import lifts_due
from smartcity_console.model import events as ev
from smartcity_console.model.centre import Centre
from smartcity_console.model.masks import checked_polygons

START = datetime(2026, 11, 23, 5, 0, 0, tzinfo=UTC)
WINDOW = ((0.1, 0.1), (0.4, 0.1), (0.4, 0.5))


def event(seq: int, payload: ev.Payload) -> ev.Event:
    at = START + timedelta(seconds=seq)
    return ev.Event(seq, "camera/A", seq, type(payload).__name__, at, "seat/1", ev.encode_payload(payload), "", "")


def test_a_lift_uncovers_until_its_time_and_is_ended_on_record() -> None:
    centre = Centre()
    until = START + timedelta(minutes=5)
    centre.take(
        [
            event(1, ev.MaskSet(camera_id="A", polygons=(WINDOW,), before=(), reason="창문", seat="1")),
            event(2, ev.MaskLifted(camera_id="A", until=until, reason="추적", seat="1")),
        ]
    )
    assert centre.mask_polygons("A", START) == ()
    assert centre.mask_polygons("A", until) == (WINDOW,)  # by the clock, whether or not anybody wrote so
    assert centre.mask_polygons("B", START) == ()
    assert lifts_due(centre.masks, until - timedelta(seconds=1)) == []
    (draft,) = lifts_due(centre.masks, until)
    assert isinstance(draft.payload, ev.MaskLiftEnded)
    centre.take([event(3, draft.payload)])
    assert lifts_due(centre.masks, until + timedelta(days=1)) == []
    assert centre.mask_polygons("A", START) == (WINDOW,)


def test_new_masks_end_a_lift() -> None:
    centre = Centre()
    lifted = ev.MaskLifted(camera_id="A", until=START + timedelta(hours=1), reason="추적", seat="1")
    set_ = ev.MaskSet(camera_id="A", polygons=(WINDOW,), before=(), reason="창문", seat="1")
    centre.take([event(1, set_), event(2, lifted), event(3, set_)])
    assert centre.mask_polygons("A", START) == (WINDOW,)


def test_corners_are_kept_inside_the_picture() -> None:
    assert checked_polygons([[(-1, 0.5), (0.123456, 2), (1, 1)]]) == (((0.0, 0.5), (0.1235, 1.0), (1.0, 1.0)),)


@pytest.mark.parametrize(
    "polygon",
    [[], [(0, 0), (1, 1)], [(0, 0), (0.5, 0.5), (1, 1)], [(0, 0), (float("nan"), 1), (1, 0)], [(0.1, 0.2)] * 65],
)
def test_what_covers_nothing_is_refused(polygon: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match=r"area|corner"):
        checked_polygons([polygon])
    with pytest.raises(ValueError, match="areas"):
        checked_polygons([WINDOW] * 33)
