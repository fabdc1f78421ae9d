"""Passwords are judged by rule, and attempts are counted by rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.web.passwords import COMMON, LONGEST, SHORTEST, one_time, weakness
from queue_server.web.throttle import MANY, Throttle


def test_one_time_passwords_are_strong_and_differ() -> None:
    made = {one_time() for _ in range(200)}
    assert len(made) == 200
    assert not [password for password in made if weakness(password, "budi")]


@given(st.text(max_size=SHORTEST - 1))
def test_short_is_short(password: str) -> None:
    """However many characters it folds into."""
    assert weakness(password, "budi") is not None


@given(st.sampled_from(COMMON), st.text("0123456789!.", max_size=5))
def test_padding_makes_no_common_word_better(word: str, padding: str) -> None:
    assert weakness((word + padding).ljust(SHORTEST, "1"), "budi") == "common"


@pytest.mark.parametrize(
    "password", ["kuda laut ungu 7", "tiga admin makan soto betawi", "x7Q-" * 3]
)
def test_several_words_will_do(password: str) -> None:
    assert weakness(password, "budi") in (None, "common" if len(set(password)) < 5 else None)


def test_there_is_an_end() -> None:
    assert weakness("kuda laut " * (LONGEST // 10 + 1), "x") == "long"


@given(
    st.integers(1, 10),
    st.floats(0.5, 60),
    st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=60),
)
def test_no_more_than_burst_and_refill(burst: int, seconds: float, pauses: list[float]) -> None:
    """In any stretch from the start: at most `burst` and one more for every `seconds`."""
    now = [0.0]
    throttle = Throttle(burst, seconds, lambda: now[0])
    taken = 0
    for pause in pauses:
        now[0] += pause
        wait = throttle.take("k")
        taken += wait == 0
        assert wait == 0 or 1 <= wait <= seconds + 1
        assert taken <= burst + now[0] / seconds + 1e-6


def test_the_wait_is_enough() -> None:
    now = [0.0]
    throttle = Throttle(1, 20, lambda: now[0])
    assert throttle.take("k") == 0
    wait = throttle.take("k")
    now[0] += wait
    assert throttle.take("k") == 0


def test_keys_are_forgotten_before_memory_is_full() -> None:
    throttle = Throttle(2, 60, lambda: 0.0)
    for number in range(MANY * 2 + 5):
        throttle.take(str(number))
    assert len(throttle._buckets) <= MANY
