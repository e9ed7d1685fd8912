"""The lemmas by name with parameters and defaults, and the suite that is run by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symcsq.constructions import (
    FrameAveraged,
    InvariantPolynomials,
    ParityNetworks,
    Reference,
)
from symcsq.errors import LemmaError
from symcsq.lemmas.graph_and_frame_lemmas import DEFINITIONS as GRAPH_AND_FRAME_LEMMAS
from symcsq.lemmas.graph_and_frame_lemmas import FRAMES, adjusted_for_frame, averages_over_frame
from symcsq.lemmas.graph_and_frame_lemmas import SUITE as GRAPH_AND_FRAME_SUITE
from symcsq.lemmas.lemma import Definition, Lemma
from symcsq.lemmas.parameters import (
    Parameter,
    as_given,
    choice,
    integer,
    integer_lists,
    truth,
)
from symcsq.lemmas.polynomial_lemmas import DEFINITIONS as POLYNOMIAL_LEMMAS
from symcsq.lemmas.polynomial_lemmas import SUITE as POLYNOMIAL_SUITE
from symcsq.lemmas.rotation_lemmas import DEFINITIONS as ROTATION_LEMMAS
from symcsq.lemmas.rotation_lemmas import SUITE as ROTATION_SUITE

_PAPER = "Kiani, Le, Lawrence, Jegelka, Weber, ICLR 2024"
_MOST_INPUTS = 4096

_TOLERANCE = Parameter("tolerance", "1/10", "accuracy of the answers a learner gets", as_given)
_ACTIVATION = Parameter(
    "activation", "relu", "relu, abs, sign, erf, or coefficients such as 0,0,0,0,1", as_given
)


def _invariant_polynomials(values: Mapping[str, Any]) -> InvariantPolynomials:
    return InvariantPolynomials(
        values["group"],
        values["degree"],
        values["distribution"],
        multilinear=values["multilinear"],
        representatives=values["representatives"],
    )


def _parity_networks(values: Mapping[str, Any]) -> ParityNetworks:
    return ParityNetworks(values["n"], values["m"], values["activation"], subsets=values["subsets"])


_DEFINITIONS = (
    Definition(
        "invariant-polynomials",
        Reference(f"{_PAPER}: invariant polynomials", InvariantPolynomials.reference.statements),
        "the orbit sums of one degree are orthogonal, as many as there are orbits",
        (
            Parameter("group", "C12", "an expression or the path of a group file", as_given),
            Parameter("degree", 4, "degree of the polynomials", integer(0, 255)),
            Parameter(
                "distribution", "gaussian", "gaussian, rademacher, bernoulli(1/3), …", as_given
            ),
            Parameter("multilinear", False, "exponents 0 and 1 only", truth),
            Parameter(
                "representatives",
                None,
                "exponent vectors instead of all orbits, such as 2,0,0;1,1,0",
                integer_lists,
            ),
            _TOLERANCE,
        ),
        _invariant_polynomials,
    ),
    Definition(
        "parity-networks",
        Reference(
            "Goel, Gollakota, Jin, Karmalkar, Klivans, ICML 2020: parity networks",
            ParityNetworks.reference.statements,
        ),
        "one-hidden-layer parities on different subsets are orthogonal under the Gaussian",
        (
            Parameter("n", 16, "number of inputs", integer(1, _MOST_INPUTS)),
            Parameter("m", 4, "inputs of each network", integer(1, _MOST_INPUTS)),
            _ACTIVATION,
            Parameter(
                "subsets", None, "subsets instead of all, such as 0,1;1,2 (from 0)", integer_lists
            ),
            _TOLERANCE,
        ),
        _parity_networks,
    ),
    Definition(
        "frame-averaged",
        Reference(
            f"{_PAPER}: frame-averaged networks", (*FrameAveraged.reference.statements, "M15")
        ),
        "averages of parity networks over a group are orthogonal, one for each orbit of subsets",
        (
            Parameter("group", "C16", "an expression or the path of a group file", as_given),
            Parameter("m", 4, "inputs of each network", integer(1, _MOST_INPUTS)),
            Parameter("frame", "reynolds", ", ".join(FRAMES), choice(*FRAMES)),
            _ACTIVATION,
            Parameter(
                "distribution", None, "Gaussian if absent; finite for other frames", as_given
            ),
            _TOLERANCE,
        ),
        averages_over_frame,
        adjusted_for_frame,
    ),
    *POLYNOMIAL_LEMMAS,
    *ROTATION_LEMMAS,
    *GRAPH_AND_FRAME_LEMMAS,
)


def registry() -> dict[str, Definition]:
    """The lemmas by name, in the order of the paper.

    Examples:
        >>> list(registry())[:3]
        ['invariant-polynomials', 'parity-networks', 'frame-averaged']
        >>> {definition.defaults["tolerance"] for definition in registry().values()}
        {'1/10'}
    """
    return {definition.name: definition for definition in _DEFINITIONS}


def lemma(name: str, /, **parameters: Any) -> Lemma:
    """A lemma of the registry with some of its parameters set.

    Arguments:
        name: see `registry`.
        parameters: Python values or their text, as in `--set key=value`.

    Returns:
        A Lemma; nothing is computed before `.family()` or `.verify()`.

    Raises:
        LemmaError: an unknown name or parameter, or a value of the wrong kind.

    Examples:
        >>> lemma("frame-averaged", group="C12", m=4).verify().holds
        True
        >>> lemma("parity")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        symcsq.errors.LemmaError: lemma: must be one of invariant-polynomials, parity-networks, ...
    """
    definitions = registry()
    if name not in definitions:
        raise LemmaError(
            f'lemma: must be one of {", ".join(definitions)}, got {name!r}; see "symcsq lemmas"'
        )
    return definitions[name].with_parameters(parameters)


def suite() -> tuple[Lemma, ...]:
    """Every lemma at the sizes that `symcsq verify` checks when it is given no lemma.

    Examples:
        >>> {chosen.name for chosen in suite()} == set(registry())
        True
    """
    chosen = [
        lemma(
            "invariant-polynomials",
            group=group,
            degree=degree,
            distribution=distribution,
            multilinear=distribution == "rademacher",
        )
        for group in ("C12", "D10", "S6 on pairs", "S4 wr S3", "M11")
        for distribution in ("gaussian", "rademacher")
        for degree in (1, 2, 3, 4)
    ]
    chosen.append(lemma("parity-networks", n=16, m=4, activation="relu"))
    # Degree 4 is the least for which a polynomial in 4 inputs can be odd in each of them, so t^4 is
    # the simplest activation whose norm does not vanish: f_S = 24·x_i x_j x_k x_l, squared norm
    # 576.
    chosen.append(lemma("parity-networks", n=16, m=4, activation="0,0,0,0,1"))
    chosen.append(lemma("frame-averaged", group="C16", m=4))
    chosen.extend(lemma(name, **parameters) for name, parameters in POLYNOMIAL_SUITE)
    chosen.extend(lemma(name, **parameters) for name, parameters in ROTATION_SUITE)
    chosen.extend(lemma(name, **parameters) for name, parameters in GRAPH_AND_FRAME_SUITE)
    return tuple(chosen)
