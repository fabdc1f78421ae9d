"""How many to ask: Krejcie & Morgan (1970). Pure."""

from __future__ import annotations

from fractions import Fraction

from .index import half_up

CHI = Fraction("3.841")
"""Chi-square for one degree of freedom at 95 %."""
SHARE = Fraction(1, 4)
"""P(1 - P) at P = 0.5."""
ERROR = Fraction("0.05") ** 2


def sample_size(population: int) -> int:
    """Respondents that a population asks for; rounded half up, as the published table is."""
    if population <= 0:
        return 0
    wanted = CHI * population * SHARE / (ERROR * (population - 1) + CHI * SHARE)
    return int(half_up(wanted, 0))
