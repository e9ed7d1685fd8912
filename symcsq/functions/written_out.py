"""Functions and networks written out as polynomials, so that two of them can be compared exactly.

The common form is {d: terms}, for the function Σ_d √d·terms_d with squarefree d >= 1 and terms
{monomial exponents: rational}. It is unique: square roots of different squarefree numbers are
linearly independent over the rationals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import comb
from typing import Any

import flint

from symcsq.distributions import monomial_terms
from symcsq.distributions.joint import Terms
from symcsq.errors import SymcsqError
from symcsq.exact import ExactReal, squarefree_part
from symcsq.functions.activations import Polynomial
from symcsq.functions.cyclotomic_networks import RotationLayer
from symcsq.functions.expansions import Expansion
from symcsq.functions.networks import OneHiddenLayer

__all__ = ["WrittenOut", "function_written_out", "network_written_out"]

WrittenOut = dict[int, Terms]

#: Networks and members with more monomials than this are not written out.
LARGEST = 50_000


def function_written_out(member: Any, inputs: int) -> WrittenOut | None:
    """The polynomial that a member says it is, or None when it says none.

    Arguments:
        member: a function with `scaled_terms()`, `expansion`, `terms()` or `polynomial()`.
        inputs: the number of variables.

    Returns:
        {squarefree d: {monomial exponents: coefficient}}, or None.

    Complexity: linear in the number of monomials.

    Examples:
        >>> from symcsq.constructions import ParityNetworks
        >>> function_written_out(ParityNetworks(2, 1, [0, 1])[1], 2)
        {1: {(0, 1): Fraction(2, 1)}}
    """
    square = Fraction(1)
    try:
        if callable(getattr(member, "scaled_terms", None)):
            terms, square = member.scaled_terms()
        elif hasattr(member, "family") and isinstance(
            getattr(member, "coefficients", None), Mapping
        ):
            return _orbit_by_orbit(member)
        elif isinstance(expansion := getattr(member, "expansion", None), Expansion):
            terms = _expanded(expansion)
        elif callable(getattr(member, "terms", None)):
            terms = member.terms()
        elif callable(getattr(member, "polynomial", None)):
            terms = member.polynomial()
        else:
            return None
        return None if terms is None else _by_root([(square, monomial_terms(terms, inputs))])
    except SymcsqError:  # it says that it is none, or that its coefficients are not rational
        return None


def _expanded(expansion: Expansion) -> Terms | None:
    large = sum(size for _, _, size in expansion) > LARGEST
    return None if large else expansion.terms()


def _orbit_by_orbit(member: Any) -> WrittenOut | None:
    """A member of a family with `coefficients` {orbit: exact real}."""
    group, law = member.family.group, member.family.distribution
    scaled = []
    for orbit, value in member.coefficients.items():
        square = _square_of(ExactReal.of(value))
        terms = _expanded(Expansion(group, law, {orbit: 1}))
        if square is None or terms is None:
            return None
        scaled.append((square[1], {key: square[0] * c for key, c in terms.items()}))
    return _by_root(scaled)


def network_written_out(network: Any, inputs: int) -> WrittenOut | None:
    """The polynomial that a network with polynomial activations computes; None for other networks.

    Arguments:
        network: a `OneHiddenLayer`, a `RotationLayer`, or a sum of these: an object with `parts`,
            pairs (factor, layer).
        inputs: the number of variables.

    Returns:
        {squarefree d: {monomial exponents: coefficient}}, or None.

    Complexity: the units' monomials, binom(s + e - 1, e) for s inputs and degree e, at most 50,000.

    Source: MATH.md 4.1 to 4.4 (realisability).

    Examples:
        >>> from symcsq.functions import power_network
        >>> network_written_out(power_network({(1, 1): Fraction(1)}, 2), 2)
        {1: {(1, 1): Fraction(1, 1)}}
    """
    if isinstance(network, OneHiddenLayer):
        return _layer(network, inputs)
    if isinstance(network, RotationLayer):
        return _rotations(network, inputs)
    parts = getattr(network, "parts", None)
    if not isinstance(parts, Sequence):
        return None
    scaled = []
    for factor, layer in parts:
        square = _square_of(ExactReal.of(factor))
        terms = network_written_out(layer, inputs)
        if square is None or terms is None:
            return None
        sign, radicand = square
        for d, part in terms.items():
            scaled.append((radicand * d, {key: sign * value for key, value in part.items()}))
    return _by_root(scaled)


def _square_of(factor: ExactReal) -> tuple[int, Fraction] | None:
    """(sign, s) with factor = sign·√s, when it has that form."""
    if factor.is_rational:
        value = factor.constant
    elif not factor.constant and len(factor.terms) == 1 and factor.terms[0][0][0] == "sqrt":
        (_, free), value = factor.terms[0]
        return (1 if value > 0 else -1), value * value * free
    else:
        return None
    return (1 if value >= 0 else -1), value * value


def _by_root(parts: Sequence[tuple[Fraction, Mapping[tuple[int, ...], Fraction]]]) -> WrittenOut:
    """Σ √s·terms in the common form."""
    result: WrittenOut = {}
    for square, terms in parts:
        if not square:
            continue
        root, free = squarefree_part(square.numerator * square.denominator)
        scale = Fraction(root, square.denominator)
        sums = result.setdefault(free, {})
        for key, value in terms.items():
            sums[key] = sums.get(key, Fraction(0)) + scale * value
    kept = {d: {k: v for k, v in sorted(t.items()) if v} for d, t in sorted(result.items())}
    return {d: terms for d, terms in kept.items() if terms}


def _layer(network: OneHiddenLayer, inputs: int) -> WrittenOut | None:
    work = 0
    for unit in network.units:
        if not isinstance(unit.activation, Polynomial):
            return None
        variables = len(unit.weights) + 1
        work += comb(variables + unit.activation.degree, variables)
    if work > LARGEST:
        return None
    ring = flint.fmpq_mpoly_ctx.get(tuple(f"x{i}" for i in range(max(inputs, 1))))
    even, odd = ring.constant(0), ring.constant(0)
    for unit in network.units:
        linear = _linear(ring, inputs, unit.weights, unit.bias)
        assert isinstance(unit.activation, Polynomial)
        for e, a in enumerate(unit.activation.coefficients):
            if a:
                # (t/√s)^e = t^e/s^⌊e/2⌋, times 1/√s for odd e.
                value = unit.coefficient * a / network.scale ** (e // 2)
                term = _fmpq(value) * linear**e
                if e % 2:
                    odd += term
                else:
                    even += term
    parts = [(Fraction(1), _terms(even, inputs)), (1 / network.scale, _terms(odd, inputs))]
    return _by_root(parts)


def _rotations(network: RotationLayer, inputs: int) -> WrittenOut | None:
    phi = network.activation
    if not isinstance(phi, Polynomial):
        return None
    widest = 1 + max(
        (sum(1 for a, b in zip(u, v, strict=True) if a or b) for u, v in network.blocks), default=0
    )
    if len(network.blocks) * comb(widest + phi.degree, widest) > LARGEST:
        return None
    ring = flint.fmpq_mpoly_ctx.get(tuple(f"x{i}" for i in range(max(inputs, 1))))
    even, odd = ring.constant(0), ring.constant(0)
    forms = {e: _rotation_form(network, e) for e, a in enumerate(phi.coefficients) if a}
    for u, v in network.blocks:
        p, q = (
            _linear(ring, inputs, [(i, Fraction(c)) for i, c in enumerate(w) if c], Fraction(0))
            for w in (u, v)
        )
        for e, form in forms.items():
            value = network.coefficient * phi.coefficients[e] / network.scale ** (e // 2)
            term = sum((_fmpq(value * c) * p**k * q ** (e - k) for k, c in form.items()), 0 * p)
            if e % 2:
                odd += term
            else:
                even += term
    parts = [(Fraction(1), _terms(even, inputs)), (1 / network.scale, _terms(odd, inputs))]
    return _by_root(parts)


def _rotation_form(network: RotationLayer, exponent: int) -> dict[int, Fraction]:
    """{k: c_k} with Σ_j (-1)^j (cos(πj/K)·p + sin(πj/K)·q)^e = Σ c_k p^k q^{e-k}.

    The sum is a form of degree e in p and q, so its values at (p, q) = (t, 1), t = 0 … e, determine
    it; these are exact values of a network of one block on two inputs.
    """
    plane = RotationLayer(
        2, (((1, 0), (0, 1)),), network.half_turns, Polynomial.power(exponent), Fraction(1)
    )
    values = [ExactReal.of(plane([t, 1])).constant for t in range(exponent + 1)]
    # Newton's divided differences at 0, 1, …, then from the falling-factorial basis to powers.
    for step in range(1, exponent + 1):
        for k in range(exponent, step - 1, -1):
            values[k] = (values[k] - values[k - 1]) / step
    powers = [Fraction(0)] * (exponent + 1)
    for k in range(exponent, -1, -1):
        powers = [
            (powers[i - 1] if i else Fraction(0)) - k * powers[i] for i in range(exponent + 1)
        ]
        powers[0] += values[k]
    return {k: c for k, c in enumerate(powers) if c}


def _linear(ring: Any, inputs: int, weights: Any, bias: Fraction) -> Any:
    zero = (0,) * max(inputs, 1)
    values = {zero: _fmpq(bias)} if bias else {}
    for i, weight in weights:
        values[zero[:i] + (1,) + zero[i + 1 :]] = _fmpq(Fraction(weight))
    return ring.from_dict(values)


def _fmpq(value: Fraction) -> flint.fmpq:
    return flint.fmpq(value.numerator, value.denominator)


def _terms(polynomial: Any, inputs: int) -> Terms:
    return {
        tuple(int(e) for e in key)[:inputs]: Fraction(int(value.p), int(value.q))
        for key, value in polynomial.to_dict().items()
    }
