"""The families of the paper at any n, by formula: what `growth` tabulates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import comb, factorial, gcd
from typing import Any

from groups.errors import shown
from symcsq.constructions import (
    DegreeParityNetworks,
    FrameAveraged,
    IndependentInvariants,
    InvariantPolynomials,
    ParityNetworks,
    SemiInvariantPolynomials,
    frames,
)
from symcsq.constructions.isotropic_counts import (
    absolute_correlation_sum,
    isotropic_sign_vectors,
    spread_size,
)
from symcsq.constructions.rotation_kernel import RotationKernel
from symcsq.errors import LemmaError
from symcsq.exact import Enclosure
from symcsq.functions import Expansion, activation
from symcsq.lemmas.growth import Growth

__all__ = ["RULES", "Rule"]

_PAPER = "Kiani, Le, Lawrence, Jegelka, Weber, ICLR 2024"
_SHALLOW = "Goel, Gollakota, Jin, Karmalkar, Klivans, ICML 2020"

_POWER = 8
_CONTRACTION = Fraction(1, 4)  # c²: vectors of a spread class have ‖WVᵀ‖ <= 1/2
_COLUMNS = 3
_TERMS = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """A family in one regime.

    Arguments:
        statement: the class in one line.
        source: the paper's topic and the numbered statements.
        ns: the sizes of the documentation.
        build: the class at one n.
        least, most: the range of n.
        step: n must be a multiple of it.
    """

    statement: str
    source: str
    ns: tuple[int, ...]
    build: Callable[[int], Growth]
    least: int = 2
    most: int = 4096
    step: int = 1

    def checked(self, n: Any, name: str) -> int:
        """An n in the range, or a clear error about what it is called."""
        whole = hasattr(n, "__index__") and not isinstance(n, bool)
        if not whole or not self.least <= int(n) <= self.most or int(n) % self.step:
            kind = "an integer" if self.step == 1 else f"a multiple of {self.step}"
            raise LemmaError(
                f"{name}: must be {kind} from {self.least} to {self.most}, got {shown(n)}; "
                f"write for example {self.ns[0]}"
            )
        return int(n)


def _logarithm(n: int) -> int:
    """⌊log₂ n⌋."""
    return n.bit_length() - 1


def _invariants(name: str, n: int) -> InvariantPolynomials:
    from groups import group

    return InvariantPolynomials(group(name), _logarithm(n))


def _rotating(name: str) -> Callable[[int], Growth]:
    """Invariant polynomials of C_n or D_n in degree ⌊log₂ n⌋."""

    def build(n: int) -> Growth:
        family = _invariants(f"{name}{n}", n)
        d = family.degree
        # An orbit has n/t vectors when the exponents repeat t times, t | gcd(n, d), and h >= 1: d/t
        # ones next to each other in each part reach both, and are their own mirror image.
        least = Fraction(n, gcd(n, d))
        order = int(family.group.order)
        return Growth(
            {"d": d, "|G|": order}, family.size, least, "least", at_least=comb(n, d) // order
        )

    return build


def _pairs(vertices: int) -> Growth:
    """Invariant polynomials of S_k on the pairs of k vertices: multigraphs with d edges."""
    from groups import group

    inputs = comb(vertices, 2)
    d = _logarithm(inputs)
    family = InvariantPolynomials(group(f"S{vertices} on pairs"), d)
    return Growth({"inputs": inputs, "d": d}, family.size, Fraction(1), "at least")


def _half_of_the_pairs(vertices: int) -> Growth:
    """Multilinear invariants of S_k on pairs under signs: graphs with half of all edges."""
    from groups import group

    inputs = comb(vertices, 2)
    chosen = group(f"S{vertices} on pairs")
    family = InvariantPolynomials(chosen, inputs // 2, "rademacher", multilinear=True)
    parameters = {"inputs": inputs, "d": inputs // 2}
    return Growth(parameters, family.size, Fraction(1), "at least")


def _semi_invariants(n: int) -> Growth:
    from groups import group

    d = _logarithm(n)
    family = SemiInvariantPolynomials(group(f"C{n}"), d, "sign")
    return Growth({"d": d, "|G|": n}, family.size, Fraction(1), "at least")


def _sparse(n: int) -> Growth:
    orbits = _invariants(f"C{n}", n).size
    # ⟨f_S, f_T⟩ = |S∩T|, so R = Σ_T |S∩T|/k counts each orbit of S once for each T that has it.
    row_sum = Fraction(comb(orbits - 1, _TERMS - 1))
    parameters = {"d": _logarithm(n), "orbits": orbits, "k": _TERMS}
    coherence = Fraction(_TERMS - 1, _TERMS)
    return Growth(
        parameters, comb(orbits, _TERMS), Fraction(_TERMS), row_sum=row_sum, coherence=coherence
    )


def _independent(blocks: int) -> Growth:
    from groups import group
    from symcsq.distributions import Gaussian

    cycle = Expansion(group("C4"), Gaussian(), {(1, 1, 0, 0): 1})
    k = _logarithm(blocks)
    family = IndependentInvariants([cycle] * blocks, k)
    norm = family[0].norm_squared
    return Growth({"inputs": 4 * blocks, "k": k}, family.size, norm)


def _parities(n: int) -> Growth:
    family = ParityNetworks(n, _logarithm(n))
    return Growth({"m": family.m}, family.size, family.norm_squared(0))


def _averaged(n: int) -> Growth:
    from groups import group

    base = ParityNetworks(n, _logarithm(n))
    family = FrameAveraged(base, frames.reynolds(group(f"C{n}")))
    # The least orbit of m-subsets of a cycle repeats gcd(n, m) times.
    least = _scaled(base.norm_squared(0), Fraction(n, gcd(n, base.m)))
    return Growth({"m": base.m, "|G|": n}, family.size, least, "least")


def _sorted(n: int) -> Growth:
    # Sorting by |x| is a frame of S_n with one element almost surely under the Gaussian, so members
    # are orthogonal (M15). x ↦ gS runs through all subsets as S does: the squared norms add up to
    # binom(n, m)·‖f_S‖². None is 0, because f_S is symmetric in its inputs and so not 0 on the cone
    # 0 < x_1 < … < x_m.
    base = ParityNetworks(n, _logarithm(n))
    return Growth({"m": base.m, "|G|": f"{n}!"}, base.size, base.norm_squared(0), "mean")


def _spread(n: int) -> Growth:
    size = spread_size(n, _CONTRACTION)
    coherence = _CONTRACTION ** (_POWER // 2)
    norm = Fraction(factorial(_POWER), 2) * (2 * n) ** _POWER
    return Growth(
        {"k": _POWER},
        size,
        norm,
        row_sum=1 + (size - 1) * coherence,
        coherence=coherence,
    )


def _all_vectors(n: int) -> Growth:
    norm = Fraction(factorial(_POWER), 2) * (2 * n) ** _POWER
    row_sum = absolute_correlation_sum(n, _POWER)
    size = isotropic_sign_vectors(n) // 8
    return Growth({"k": _POWER}, size, norm, row_sum=row_sum, coherence=Fraction(1))


def _convolutional(sigma: str | None) -> Callable[[int], Growth]:
    """Column filters under cyclic shifts, k = 2⌈log₂ n⌉: correlations |G|c^k/(1 - (|G| - 1)c^k)."""

    def build(n: int) -> Growth:
        k = 2 * (n - 1).bit_length()
        shifts = [{n // gcd(s, n): gcd(s, n)} for s in range(1, n)]
        size = spread_size(n, _CONTRACTION, cycle_types=shifts)
        gamma = _CONTRACTION ** (k // 2)
        kept = 1 - (n - 1) * gamma
        coherence = n * gamma / kept
        single: Fraction | Enclosure = Fraction(factorial(k), 2) * (2 * n) ** k
        if sigma is not None:
            single = RotationKernel(k, activation(sigma), 1).entry((2, 0), (0, 0))
        lower = single if isinstance(single, Fraction) else single.lower
        return Growth(
            {"k": k, "|G|": n},
            size,
            _COLUMNS * n * kept * lower,
            "at least",
            1 + max(0, size - 1) * coherence,
            coherence,
        )

    return build


def _graph_features(build: Callable[[int], Growth]) -> Callable[[int], Growth]:
    """The ratios of rotation networks on the features; c_k(A) multiplies the norm (M20)."""

    def features(n: int) -> Growth:
        plain = build(n)
        # A cycle on 8 nodes: AAᵀ has 2 on the diagonal and 16 ones.
        factor = 8 * 2**_POWER + 16
        norm = _scaled(plain.norm, Fraction(factor))
        return Growth(
            {"k": _POWER, "nodes": 8},
            plain.size,
            norm,
            plain.norm_of,
            plain.row_sum,
            plain.coherence,
        )

    return features


def _degree_parities(n: int) -> Growth:
    family = DegreeParityNetworks(n)
    values = family.expectations([family.subset(i) for i in range(1, family.size)])
    sizes = [abs(value) for value in values]
    return Growth(
        {"p": "1/2"},
        family.size,
        Fraction(1),
        row_sum=1 + sum(sizes, Fraction(0)),
        coherence=max(sizes, default=Fraction(0)),
    )


def _scaled(norm: Fraction | Enclosure, factor: Fraction) -> Fraction | Enclosure:
    if isinstance(norm, Fraction):
        return factor * norm
    return Enclosure(factor * norm.lower, factor * norm.upper, norm.digits)


_POWERS_OF_FOUR = (16, 64, 256, 1024, 4096)
_EVEN = (64, 128, 256, 512, 1024)

RULES: dict[str, dict[str, Rule]] = {
    "invariant-polynomials": {
        "cyclic": Rule(
            "orbit sums of C_n in degree d = floor(log2 n) under the Gaussian, orthogonal",
            f"{_PAPER}: invariant polynomials, superpolynomial for |G| polynomial; M2, M6",
            (16, 32, 64, 128, 256, 512, 1024),
            _rotating("C"),
            least=4,
        ),
        "dihedral": Rule(
            "orbit sums of D_n in degree d = floor(log2 n) under the Gaussian, orthogonal",
            f"{_PAPER}: invariant polynomials, superpolynomial for |G| polynomial; M2, M6",
            (16, 32, 64, 128, 256, 512, 1024),
            _rotating("D"),
            least=4,
        ),
        "pairs": Rule(
            "orbit sums of S_n on pairs in degree d = floor(log2 inputs): |G| is too large for it",
            f"{_PAPER}: invariant polynomials, the bound needs |G| polynomial; M2, M6",
            (6, 8, 12, 16, 20, 24),
            _pairs,
            least=3,
            most=40,
        ),
        "pairs-half": Rule(
            "multilinear orbit sums of S_n on pairs in half of the inputs, under signs, orthogonal",
            f"{_PAPER}: invariant polynomials, exponential in the inputs in spite of n!; M2, M6",
            (6, 8, 10, 12, 16, 20),
            _half_of_the_pairs,
            least=3,
            most=30,
        ),
    },
    "semi-invariant-polynomials": {
        "cyclic": Rule(
            "signed orbit sums of C_n in degree d = floor(log2 n) under the Gaussian, orthogonal",
            f"{_PAPER}: invariant polynomials, the same for a character; M3, M5, M6",
            (16, 32, 64, 128, 256, 512),
            _semi_invariants,
            least=4,
            most=1024,
            step=2,
        ),
    },
    "sparse-invariant-polynomials": {
        "cyclic": Rule(
            f"sums of {_TERMS} normed orbit sums of C_n in degree floor(log2 n), overlapping",
            f"{_PAPER}: sparse invariant polynomials; M2, M6, M7, M8",
            (16, 32, 64, 128, 256, 512, 1024),
            _sparse,
            least=4,
        ),
    },
    "independent-invariants": {
        "cycles": Rule(
            "products over k = floor(log2 n) of n invariants x0x1+x1x2+x2x3+x3x0, orthogonal",
            f"{_PAPER}: invariant polynomials of products; M1, M2",
            _POWERS_OF_FOUR[:4],
            _independent,
            most=1024,
        ),
    },
    "parity-networks": {
        "relu": Rule(
            "all subsets of m = floor(log2 n) inputs, ReLU; zero functions for odd m >= 3",
            f"{_SHALLOW}: parity networks, superpolynomial; M11, M12",
            _POWERS_OF_FOUR,
            _parities,
            most=1 << 20,
        ),
    },
    "frame-averaged": {
        "cyclic": Rule(
            "averages over C_n of the parities on m = floor(log2 n) inputs, ReLU, orthogonal",
            f"{_PAPER}: frame-averaged networks, superpolynomial; M6, M12, M14",
            _POWERS_OF_FOUR,
            _averaged,
            most=16384,
        ),
        "sorting": Rule(
            "parities on m = floor(log2 n) inputs behind sorting by |x|, S_n frame, orthogonal",
            f"{_PAPER}: frame-averaged networks for large groups; M12, M15",
            _POWERS_OF_FOUR,
            _sorted,
            most=1 << 20,
        ),
    },
    "rotation-networks": {
        "spread": Rule(
            "sign vectors with pairwise contraction at most 1/2: any activation with a part of "
            f"degree k = {_POWER}",
            "Diakonikolas, Kane, Kontonis, Zarifis, COLT 2020: exponential size, correlation c^k; "
            "M18, M24",
            _EVEN,
            _spread,
            most=2048,
            step=2,
        ),
        "all": Rule(
            f"all isotropic sign vectors up to units, power k = {_POWER}: R is exact",
            "Diakonikolas, Kane, Kontonis, Zarifis, COLT 2020: correlation n^(-k/2) on average; "
            "M7, M17",
            (8, 16, 32, 64),
            _all_vectors,
            most=64,
            step=2,
        ),
    },
    "convolutional-networks": {
        "power": Rule(
            f"column filters under C_n on n x {_COLUMNS} inputs, powers k = 2 ceil(log2 n), with "
            "all shifts at contraction <= 1/2",
            f"{_PAPER}: convolutional networks, 2^(n^Omega(1))/|G|^2 queries; M19, M24",
            (256, 512, 1024),
            _convolutional(None),
            least=128,
            most=2048,
            step=2,
        ),
        "relu": Rule(
            f"column filters under C_n on n x {_COLUMNS} inputs, ReLU, k = 2 ceil(log2 n), with "
            "all shifts at contraction <= 1/2",
            f"{_PAPER}: convolutional networks, 2^(n^Omega(1))/|G|^2 queries; M18, M19, M24",
            (256, 512, 1024),
            _convolutional("relu"),
            least=128,
            most=2048,
            step=2,
        ),
    },
    "graph-feature-networks": {
        "spread": Rule(
            f"n features on a cycle of 8 nodes, power k = {_POWER}, filters at contraction <= 1/2",
            f"{_PAPER}: graph networks, hardness in the features; M20, M24",
            _EVEN,
            _graph_features(_spread),
            most=2048,
            step=2,
        ),
        "all": Rule(
            f"n features on a cycle of 8 nodes, power k = {_POWER}, all sign vectors up to units",
            f"{_PAPER}: graph networks, hardness in the features, d^Omega(k); M7, M17, M20",
            (8, 16, 32, 64),
            _graph_features(_all_vectors),
            most=64,
            step=2,
        ),
    },
    "degree-parity-networks": {
        "half": Rule(
            "parities of degree counts of G(n, 1/2), one for each class of the handshake lemma",
            f"{_PAPER}: graph networks, hardness in the nodes, tau^2 2^(n^Omega(1)); M21",
            (4, 6, 8, 10, 11, 12),
            _degree_parities,
            most=16,
        ),
    },
}
