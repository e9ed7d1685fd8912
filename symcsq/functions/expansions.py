"""Invariant functions kept orbit by orbit: {orbit representative: coefficient} (M2).

The function is Σ c_O m_O with m_O = Σ_{β∈O} p_β. Nothing here expands an orbit except evaluation
and conversion to a polynomial, which cannot do without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from symcsq.distributions import Product, as_product, monomial_terms
from symcsq.distributions.joint import Terms
from symcsq.errors import ExpansionError
from symcsq.exact import rational
from symcsq.functions.networks import point
from symcsq.functions.orbit_elements import orbit_elements
from symcsq.functions.polynomials import flint_polynomial, sympy_polynomial

__all__ = ["Expansion", "basis_terms", "polynomial_terms"]


class Expansion:
    """A G-invariant function Σ c_O m_O in L² of a product law.

    Arguments:
        group: a `PermutationGroup` that preserves the law.
        distribution: a `Product` on as many coordinates as the group has points (or what
            `as_product` takes).
        coefficients: a mapping exponent vector -> rational. Any member of an orbit may stand for
            it; coefficients of the same orbit are added; zeros are dropped.

    Raises:
        ExpansionError: exponents of the wrong length, negative, or with norm zero; a generator that
            does not preserve the law.

    Complexity: one canonical image for each coefficient.

    Source: M2.

    Examples:
        >>> from groups import PermutationGroup
        >>> from symcsq.distributions import Gaussian
        >>> C3 = PermutationGroup(["(1,2,3)"])
        >>> f = Expansion(C3, Gaussian(), {(2, 0, 0): 1, (1, 1, 0): "1/2"})
        >>> f.norm_squared(), f([1, 2, 3])
        (Fraction(27, 4), Fraction(33, 2))
        >>> f.inner(f) == f.distribution.inner_product_via_moments(f.terms(), f.terms())
        True
    """

    __slots__ = ("_coefficients", "_sizes", "distribution", "group")
    group: Any
    distribution: Product
    _coefficients: dict[tuple[int, ...], Fraction]
    _sizes: dict[tuple[int, ...], int]

    def __init__(
        self, group: Any, distribution: Any, coefficients: Mapping[Any, object] | None = None
    ) -> None:
        law = as_product(distribution, group.degree)
        for index, generator in enumerate(group.generators):
            if not law.preserves(generator):
                raise ExpansionError(
                    f"group: must preserve the distribution, generator {index} = {generator} moves "
                    f"coordinates of {law}; use equal marginals on each orbit of points"
                )
        sums: dict[tuple[int, ...], Fraction] = {}
        sizes: dict[tuple[int, ...], int] = {}
        for exponents, coefficient in (coefficients or {}).items():
            key = _checked_exponents(exponents, law)
            image = group.canonical(key)
            representative = tuple(int(e) for e in image.representative)
            sums[representative] = sums.get(representative, Fraction(0)) + rational(
                coefficient, "coefficient"
            )
            sizes[representative] = int(image.orbit_size)
        self._fill(group, law, sums, sizes)

    def _fill(
        self,
        group: Any,
        law: Product,
        sums: Mapping[tuple[int, ...], Fraction],
        sizes: Mapping[tuple[int, ...], int],
    ) -> None:
        kept = {key: sums[key] for key in sorted(sums) if sums[key]}
        object.__setattr__(self, "group", group)
        object.__setattr__(self, "distribution", law)
        object.__setattr__(self, "_coefficients", kept)
        object.__setattr__(self, "_sizes", {key: sizes[key] for key in kept})

    @classmethod
    def _known(
        cls,
        group: Any,
        law: Product,
        sums: Mapping[tuple[int, ...], Fraction],
        sizes: Mapping[tuple[int, ...], int],
    ) -> Expansion:
        """Trusted constructor: keys are canonical representatives with their orbit sizes."""
        result = cls.__new__(cls)
        result._fill(group, law, sums, sizes)
        return result

    @classmethod
    def from_orbit(
        cls, group: Any, distribution: Product, representative: tuple[int, ...], size: int
    ) -> Expansion:
        """The orbit sum of a canonical representative whose orbit size is already known."""
        return cls._known(
            group, distribution, {representative: Fraction(1)}, {representative: size}
        )

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Expansion is immutable: cannot set {name}")

    def __reduce__(self) -> tuple[Any, ...]:
        return Expansion, (self.group, self.distribution, self._coefficients)

    @property
    def coefficients(self) -> dict[tuple[int, ...], Fraction]:
        """{representative: coefficient}, representatives in increasing order, no zeros."""
        return dict(self._coefficients)

    def __iter__(self) -> Iterator[tuple[tuple[int, ...], Fraction, int]]:
        """(representative, coefficient, orbit size), representatives increasing."""
        for key, value in self._coefficients.items():
            yield key, value, self._sizes[key]

    def __len__(self) -> int:
        return len(self._coefficients)

    @property
    def expansion(self) -> Expansion:
        """The function itself: the members of a family may be expansions."""
        return self

    @property
    def degree(self) -> int:
        """The total degree; -1 for the zero function."""
        return max((sum(key) for key in self._coefficients), default=-1)

    def __bool__(self) -> bool:
        return bool(self._coefficients)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expansion):
            return NotImplemented
        return self._same_space(other) and self._coefficients == other._coefficients

    def __hash__(self) -> int:
        return hash((self.distribution, tuple(self._coefficients.items())))

    def _same_space(self, other: Expansion) -> bool:
        return self.distribution == other.distribution and self.group == other.group

    def _require_same_space(self, other: object) -> Expansion:
        if not isinstance(other, Expansion):
            raise ExpansionError(
                f"operand: must be an Expansion, got {type(other).__name__}; "
                "use Expansion.from_polynomial"
            )
        if not self._same_space(other):
            raise ExpansionError(
                f"operand: must have the same group and distribution, got {other!r} against "
                f"{self!r}; build both over one group"
            )
        return other

    def __add__(self, other: Expansion) -> Expansion:
        other = self._require_same_space(other)
        sums = dict(self._coefficients)
        for key, value in other._coefficients.items():
            sums[key] = sums.get(key, Fraction(0)) + value
        return Expansion._known(self.group, self.distribution, sums, self._sizes | other._sizes)

    def __neg__(self) -> Expansion:
        return self.scale(-1)

    def __sub__(self, other: Expansion) -> Expansion:
        return self + (-self._require_same_space(other))

    def scale(self, factor: object) -> Expansion:
        """The function times a rational."""
        by = rational(factor, "factor")
        sums = {key: by * value for key, value in self._coefficients.items()}
        return Expansion._known(self.group, self.distribution, sums, self._sizes)

    def __mul__(self, other: Any) -> Expansion:
        if isinstance(other, Expansion):
            from symcsq.functions.products import multiply

            return multiply(self, self._require_same_space(other))
        return self.scale(other)

    __rmul__ = __mul__

    def inner(self, other: Expansion) -> Fraction:
        """⟨f, g⟩ = Σ_O c_O d_O |O| h_O (M2).

        Complexity: the number of common orbits.
        """
        other = self._require_same_space(other)
        total = Fraction(0)
        for key, value in self._coefficients.items():
            match = other._coefficients.get(key)
            if match is not None:
                total += value * match * self._sizes[key] * self.distribution.norm(key)
        return total

    def norm_squared(self) -> Fraction:
        """⟨f, f⟩."""
        return self.inner(self)

    def mean(self) -> Fraction:
        """E[f], the coefficient of the constant orbit."""
        return self._coefficients.get((0,) * self.group.degree, Fraction(0))

    def act(self, permutation: Any) -> Expansion:
        """g·f for a permutation that normalises the group (each element of the group: f itself).

        Arguments:
            permutation: a `Permutation` of the same degree that preserves the distribution.

        Returns:
            The expansion of x ↦ f(g⁻¹·x) over the same group.

        Raises:
            ExpansionError: g does not normalise the group (g·f is then not invariant under it), or
                does not preserve the distribution.

        Complexity: one canonical image for each orbit.

        Source: M1, g·p_α = p_{g·α}.
        """
        if permutation in self.group:
            return self
        if not self.distribution.preserves(permutation):
            raise ExpansionError(
                f"permutation: must preserve {self.distribution}, got {permutation}; "
                "permute coordinates with equal marginals"
            )
        for generator in self.group.generators:
            if generator.conjugate_by(permutation) not in self.group:
                raise ExpansionError(
                    f"permutation: must normalise the group, {permutation} does not (generator "
                    f"{generator}); expand over the trivial group first"
                )
        sums: dict[tuple[int, ...], Fraction] = {}
        sizes: dict[tuple[int, ...], int] = {}
        for key, value, size in self:
            moved = [0] * len(key)
            for i, e in enumerate(key):
                moved[permutation(i)] = e
            image = tuple(int(e) for e in self.group.canonical(tuple(moved)).representative)
            sums[image], sizes[image] = value, size
        return Expansion._known(self.group, self.distribution, sums, sizes)

    def __call__(self, x: Sequence[object]) -> Fraction:
        """The exact value at a rational point; expands the orbits one element at a time.

        Complexity: Σ|O| products of at most `degree` factors.
        """
        at = point(x, self.group.degree)
        top = max((max(key, default=0) for key in self._coefficients), default=0)
        limit = self.distribution.max_exponents
        table = [
            [
                self.distribution[i].evaluate(k, at[i]) if bound is None or k <= bound else None
                for k in range(top + 1)
            ]
            for i, bound in enumerate(limit)
        ]
        total = Fraction(0)
        for key, value, _ in self:
            inside = Fraction(0)
            for element in orbit_elements(self.group, key):
                term = Fraction(1)
                for i, e in enumerate(element):
                    if e:
                        factor = table[i][e]
                        assert factor is not None
                        term *= factor
                inside += term
            total += value * inside
        return total

    def terms(self) -> Terms:
        """The polynomial as {monomial exponents: coefficient}, orbits expanded."""
        return polynomial_terms(
            {
                element: value
                for key, value, _ in self
                for element in orbit_elements(self.group, key)
            },
            self.distribution,
        )

    def to_sympy(self) -> Any:
        """The sympy `Poly` over QQ in x0, …, x{n-1}.

        Raises:
            ExpansionError: degree-0 groups have no variables.
        """
        return sympy_polynomial(self.terms(), self.group.degree)

    def to_flint(self) -> Any:
        """The flint `fmpq_mpoly` in x0, …, x{n-1}."""
        return flint_polynomial(self.terms(), self.group.degree)

    @classmethod
    def from_polynomial(cls, group: Any, distribution: Any, polynomial: Any) -> Expansion:
        """The expansion of an invariant polynomial.

        Arguments:
            group: a `PermutationGroup` that preserves the law.
            distribution: as for `Expansion`.
            polynomial: a mapping exponent tuple -> coefficient, a sympy `Poly` or a flint
                `fmpq_mpoly`.

        Returns:
            The expansion of its class in L²: on finite supports powers are reduced.

        Raises:
            ExpansionError: the polynomial is not invariant; names the two monomials.

        Complexity: linear in the number of monomials times ∏(exponent + 1).

        Source: M2.

        Examples:
            >>> from groups import PermutationGroup
            >>> from symcsq.distributions import Gaussian
            >>> S2 = PermutationGroup(["(1,2)"])
            >>> Expansion.from_polynomial(S2, Gaussian(), {(2, 0): 1, (0, 2): 1}).coefficients
            {(0, 0): Fraction(2, 1), (0, 2): Fraction(1, 1)}
        """
        law = as_product(distribution, group.degree)
        remaining = basis_terms(monomial_terms(polynomial, group.degree), law)
        sums: dict[tuple[int, ...], Fraction] = {}
        while remaining:
            start = next(iter(remaining))
            value = remaining[start]
            for element in orbit_elements(group, start):
                found = remaining.pop(element, Fraction(0))
                if found != value:
                    raise ExpansionError(
                        f"polynomial: must be invariant, the coefficients of p{start} "
                        f"and p{element} are {value} and {found}; average it over the group first"
                    )
            sums[start] = value
        return cls(group, law, sums)

    def __repr__(self) -> str:
        name = getattr(self.group, "name", None) or f"degree {self.group.degree}"
        return f"Expansion({len(self)} orbits of {name}, {self.distribution})"


def _checked_exponents(exponents: Any, law: Product) -> tuple[int, ...]:
    try:
        key = tuple(int(e) for e in exponents)
    except (TypeError, ValueError):
        raise ExpansionError(
            f"exponents: must be a sequence of integers, got {exponents!r}; write e.g. (2, 0, 1)"
        ) from None
    if len(key) != law.dimension:
        raise ExpansionError(
            f"exponents: must have {law.dimension} entries, got {key}; give one for each point"
        )
    for i, (e, limit) in enumerate(zip(key, law.max_exponents, strict=True)):
        if e < 0:
            raise ExpansionError(f"exponents[{i}]: must be >= 0, got {e}; write 0, 1, 2, …")
        if limit is not None and e > limit:
            raise ExpansionError(
                f"exponents[{i}]: p_{e} is zero or unknown for {law[i]}, got {key}; "
                f"use exponents up to {limit}"
            )
    return key


def polynomial_terms(basis: Mapping[tuple[int, ...], Fraction], law: Product) -> Terms:
    """Multiply out Σ c_α p_α: {α: c_α} in the orthogonal basis to {monomial: coefficient}."""
    return _change(basis, law, lambda marginal, k: marginal.polynomial(k))


def basis_terms(monomials: Mapping[tuple[int, ...], Fraction], law: Product) -> Terms:
    """The coefficients in the orthogonal basis of a polynomial given by its monomials."""

    def power(marginal: Any, k: int) -> tuple[Fraction, ...]:
        values: tuple[Fraction, ...] = marginal.in_basis([Fraction(0)] * k + [Fraction(1)])
        return values

    return _change(monomials, law, power)


def _change(terms: Mapping[tuple[int, ...], Fraction], law: Product, expand: Any) -> Terms:
    # One coordinate at a time: each pass merges equal terms before the next coordinate multiplies.
    current: Terms = {key: value for key, value in terms.items() if value}
    for i, index in enumerate(law.marginal_of):
        marginal = law.marginals[index]
        following: Terms = {}
        for key, value in current.items():
            if not key[i]:
                following[key] = following.get(key, Fraction(0)) + value
                continue
            for k, c in enumerate(expand(marginal, key[i])):
                if c:
                    changed = key[:i] + (k,) + key[i + 1 :]
                    following[changed] = following.get(changed, Fraction(0)) + c * value
        current = following
    return {key: value for key, value in sorted(current.items()) if value}
