"""Catalogues to be tried: sound ones of every shape, small and odd."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from queue_server.catalogue import (
    Agency,
    BookingRules,
    Cost,
    Counter,
    Document,
    Duration,
    Package,
    PackageStep,
    Priority,
    Reason,
    Service,
    Text,
    Zone,
)
from queue_server.promises import Channel, Charter, Complaints

LETTERS = st.sampled_from("aZ é=+-@'\"|;,#0\u2019")
WORDS = st.text(LETTERS, min_size=1, max_size=8).map(str.strip).filter(bool)
"""What people type, beginnings of formulas among it."""
LINES = st.lists(WORDS, max_size=3).map(tuple)
TEXTS = st.builds(Text, id=WORDS, en=WORDS, more=st.just({}) | WORDS.map(lambda text: {"jv": text}))
BOOKING = st.none() | st.builds(
    BookingRules, open=st.booleans(), remote=st.none() | st.booleans(),
    sessions=st.sampled_from([(), ("08:00-10:00", "10:00-11:30")]),
    quota=st.none() | st.integers(1, 1000),
    weekdays=st.sampled_from([(), ("monday", "friday")]),
    closed=st.sampled_from([(), (date(2026, 12, 24),)]),
    cutoff=st.none() | st.just("16:00"),
)  # fmt: skip
HOURS = st.sampled_from([{}, {"friday": "08:00-11:30, 13:00-14:00", "sunday": ""}])
CHANNELS = st.lists(st.builds(Channel, st.just("phone"), TEXTS, st.just("") | WORDS), max_size=2)


def same(one: object, other: object) -> bool:
    """Equality without pytest's comparison of two whole catalogues, which takes minutes."""
    return one == other


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A sound document; some things in it are retired."""
    agencies = [
        draw(st.builds(
            Agency, id=st.just(f"a{at}"), kind=st.sampled_from(["regional", "vertical"]),
            name=TEXTS, short=WORDS, channels=CHANNELS.map(tuple), booking=BOOKING, hours=HOURS,
            retired=st.booleans(),
        )) for at in range(draw(st.integers(1, 3)))
    ]  # fmt: skip
    services = [
        draw(st.builds(
            Service, id=st.just(f"s{at}"), agency=st.sampled_from([one.id for one in agencies]),
            prefix=st.just("ABCDEF"[at]), name=TEXTS, requirements=LINES, procedure=LINES,
            duration=st.builds(Duration, known=st.booleans(), minutes=st.integers(0, 90),
                               text=st.just("") | WORDS),
            cost=st.builds(Cost, known=st.booleans(), rupiah=st.none() | st.integers(0, 10**7)),
            product=WORDS, complaints=WORDS, keywords=LINES, popular=st.booleans(),
            digits=st.integers(1, 5), first=st.integers(0, 9), booking=BOOKING,
            quotas=st.sampled_from([{}, {"08:00-10:00": 5}]), retired=st.booleans(),
        )) for at in range(draw(st.integers(2, 6)))
    ]  # fmt: skip
    ids = tuple(one.id for one in services)
    counters = [
        draw(st.builds(
            Counter, id=st.just("1"), name=TEXTS, zone=st.just("z"), services=st.just(ids),
            number=st.none() | st.integers(1, 99), classes=st.sampled_from([(), ("lansia",)]),
            favours=st.sampled_from([{}, {"s0": 10}]), quick=st.booleans(),
        ))
    ]  # fmt: skip
    steps = (PackageStep("s0"), PackageStep("s1", (0,)))
    return Document(
        name=draw(TEXTS), zones=(Zone("z", draw(TEXTS)),), agencies=tuple(agencies),
        services=tuple(services), counters=tuple(counters), about=draw(st.just("") | WORDS),
        priorities=(Priority("lansia", draw(TEXTS), draw(st.integers(0, 60))),),
        reasons=(Reason("shalat", draw(TEXTS), ("break", "close")),),
        packages=(Package("p", draw(TEXTS), steps, draw(st.none() | TEXTS), retired=True),),
        english=draw(st.dictionaries(WORDS, WORDS, max_size=3)),
        phrases=draw(st.just({}) | WORDS.map(lambda text: {"jv": {"Fotokopi": text}})),
        charter=draw(st.builds(Charter, promise=st.lists(TEXTS, max_size=2).map(tuple))),
        complaints=draw(st.builds(Complaints, channels=CHANNELS.map(tuple))),
    )  # fmt: skip
