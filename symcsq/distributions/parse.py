"""Distributions as text: `parse(str(distribution)) == distribution`."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from symcsq.distributions.base import Distribution
from symcsq.distributions.finite import FiniteUniform, FiniteWeighted
from symcsq.distributions.moments import Moments
from symcsq.distributions.product import Product
from symcsq.distributions.structured import erdos_renyi
from symcsq.distributions.symmetric import Slice, Sphere
from symcsq.distributions.univariate import Bernoulli, Gaussian, Rademacher, Uniform
from symcsq.errors import DistributionError
from symcsq.exact import rational

__all__ = ["parse"]

_TERM = re.compile(r"\s*([A-Za-z_-]+)\s*(\(([^()]*)\))?\s*(\^\s*(\d+))?\s*")
_MAX_POWER = 1_000_000
_MAX_VERTICES = 1_414  # of a random graph: about a million edges
_MAX_CHARACTERS = 100_000
_MAX_MOMENTS = 400  # their recurrence takes a second


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:50]} … {text[-20:]}")


def _weighted(values: list[Fraction]) -> FiniteWeighted:
    if len(values) % 2:
        raise DistributionError(
            f"weighted: needs pairs point,weight, got {len(values)} numbers; "
            "write weighted(0,1/2,1,1/2)"
        )
    return FiniteWeighted(list(zip(values[::2], values[1::2], strict=True)))


def _integers(name: str, values: list[Fraction], most: int) -> list[int]:
    if len(values) > most or any(v.denominator != 1 for v in values):
        raise DistributionError(
            f"{name}: takes at most {most} integer{'s' * (most > 1)}, got "
            f"{','.join(map(str, values))[:60]}; write e.g. slice(2,6) or sphere(3)"
        )
    integers = [int(v) for v in values]
    largest = _MAX_VERTICES if name == "vertices" else _MAX_POWER
    for value in integers:
        if abs(value) > largest:
            text = str(value)
            raise DistributionError(
                f"{name}: must be at most {largest}, got "
                f"{text if len(text) <= 20 else text[:17] + '…'}; use fewer coordinates"
            )
    return integers


def _moments(values: list[Fraction]) -> Moments:
    if len(values) > _MAX_MOMENTS:
        raise DistributionError(
            f"moments: a text has at most {_MAX_MOMENTS}, got {len(values)}; "
            "use fewer, or Moments([...]) in Python"
        )
    return Moments(values)


def _slice(values: list[Fraction]) -> Slice:
    if not values:
        raise DistributionError(
            "slice: takes the number of ones, and the number of coordinates if it is fixed, got "
            "nothing; write slice(2) or slice(2,6)"
        )
    return Slice(*_integers("slice", values, 2))


# name -> (number of parameters, or None for any; constructor)
_NAMES: dict[str, tuple[int | None, Callable[[list[Fraction]], Any]]] = {
    "gaussian": (0, lambda _: Gaussian()),
    "rademacher": (0, lambda _: Rademacher()),
    "bernoulli": (1, lambda values: Bernoulli(values[0])),
    "uniform": (0, lambda _: Uniform()),
    "finite": (None, FiniteUniform),
    "weighted": (None, _weighted),
    "moments": (None, _moments),
    "sphere": (None, lambda values: Sphere(*_integers("sphere", values, 1))),
    "slice": (None, _slice),
    "point": (0, lambda _: Product([])),  # on no coordinates
    "erdos-renyi": (
        2,
        lambda values: erdos_renyi(_integers("vertices", values[:1], 1)[0], values[1]),
    ),
}


def parse(text: str) -> Any:
    """The distribution that a text denotes.

    Arguments:
        text: factors joined by " x "; a factor is a name, parameters in parentheses, and a power:
            `gaussian`, `rademacher`, `bernoulli(1/3)`, `uniform`, `finite(-2,-1,1,2)`,
            `weighted(-1,1/4,0,1/2,1,1/4)`, `moments(1,0,1,0,3)`. Alone: `sphere`, `sphere(n)`,
            `slice(k)`, `slice(k,n)`, `erdos-renyi(n,p)`, and `point`, the law on no coordinates.

    Returns:
        A `Distribution` on the line for one factor without a power, otherwise a `Product`; a
        `Sphere` or `Slice` for those two.

    Raises:
        DistributionError: the text is not of this form; names the place.

    Complexity: linear in the text and the dimension.

    Source: MATH.md section 2.

    Examples:
        >>> parse("bernoulli(1/3)")
        Bernoulli(p=Fraction(1, 3))
        >>> parse("gaussian^6 x rademacher^6").dimension
        12
        >>> parse("gausian")
        Traceback (most recent call last):
            ...
        symcsq.errors.DistributionError: distribution 'gausian': unknown name 'gausian' at column \
1; use one of bernoulli, erdos-renyi, finite, gaussian, moments, point, rademacher, slice, sphere, \
uniform, weighted
    """
    if not isinstance(text, str):
        raise DistributionError(
            f'distribution: must be text, got {text!r}; write e.g. "gaussian" or "bernoulli(1/3)"'
        )
    if len(text) > _MAX_CHARACTERS:
        raise DistributionError(
            f"distribution: must have at most {_MAX_CHARACTERS} characters, got {len(text)}; "
            "write fewer or shorter parameters"
        )
    where = f"distribution {_shown(text)}"
    factors: list[tuple[Any, int | None]] = []
    position = 0
    while True:
        match = _TERM.match(text, position)
        if match is None:
            raise DistributionError(
                f"{where}: expected a name at column {position + 1}; "
                'write e.g. "gaussian^6 x rademacher^6"'
            )
        name = match[1].lower().replace("_", "-")
        if name not in _NAMES:
            raise DistributionError(
                f"{where}: unknown name {_shown(match[1])} at column {match.start(1) + 1}; "
                f"use one of {', '.join(sorted(_NAMES))}"
            )
        count, make = _NAMES[name]
        inside = (match[3] or "").strip()
        values = [rational(v, name) for v in inside.split(",")] if inside else []
        if count is not None and len(values) != count:
            raise DistributionError(
                f"{where}: {name} takes {count} parameter{'s' * (count != 1)}, got {len(values)}; "
                f"write {name + '(1/3)' if count else name}"
            )
        digits = (match[5] or "").lstrip("0") or "0"
        if len(digits) > 7 or int(digits) > _MAX_POWER:
            raise DistributionError(
                f"{where}: a power must be at most {_MAX_POWER}, got {digits[:20]}"
                f"{'…' if len(digits) > 20 else ''}; use fewer coordinates"
            )
        power = int(digits) if match[5] else None
        factors.append((make(values), power))
        position = match.end()
        if position == len(text):
            break
        separator = text[position]
        if separator not in "x×":
            raise DistributionError(
                f"{where}: expected 'x' or the end at column {position + 1}, got {separator!r}; "
                'write e.g. "gaussian^6 x rademacher^6"'
            )
        position += 1
    if len(factors) == 1 and factors[0][1] is None:
        return factors[0][0]
    total = sum(1 if power is None else power for _, power in factors)
    if total > _MAX_POWER:
        raise DistributionError(
            f"{where}: a product has at most {_MAX_POWER} coordinates, got {total}; use fewer"
        )
    for law, _ in factors:
        if not isinstance(law, Distribution):
            raise DistributionError(f"{where}: {law} cannot be a factor of a product; use it alone")
    if len(factors) == 1:
        return Product.power(factors[0][0], total)
    return Product([law for law, power in factors for _ in range(1 if power is None else power)])
