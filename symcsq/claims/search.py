"""Search for counterexamples: a property, a strategy for its examples, and what was found.

A search proves nothing: a property without a counterexample is *tested*, with the number of
examples. A counterexample refutes: it is shrunk to a smallest one and evaluated again, exactly. The
search is the same on every machine and in every run: fixed seed, no database, no clock.

hypothesis is imported when a search is made, and not before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symcsq.errors import VerificationError
from symcsq.exact import Enclosure, ExactReal, working_precision
from symcsq.verifier.claims import ClaimResult, exact_text

__all__ = [
    "CannotTell",
    "Property",
    "Search",
    "differ",
    "exact_value",
    "find_counterexample",
    "shown",
]

EXAMPLES = 200


class CannotTell(Exception):
    """Two irrational values have different forms and cannot be told apart by ball arithmetic."""


@dataclass(frozen=True)
class Property:
    """Something that should hold for every example.

    Arguments:
        type: a short name, the type of the claim.
        statement: the property in words.
        violation: called with an example; None when the property holds for it, otherwise the
            witness, a dict of JSON-ready values. It may raise `CannotTell`.
    """

    type: str
    statement: str
    violation: Callable[[Any], Mapping[str, Any] | None]


def find_counterexample(
    property: Property | Callable[[Any], object],
    strategy: Any,
    *,
    examples: int = EXAMPLES,
    type: str = "",
    statement: str = "",
) -> ClaimResult:
    """Search for the smallest example that a property does not hold for.

    Arguments:
        property: a `Property`, or a function of one example that is true when it holds.
        strategy: a hypothesis strategy for examples, such as one of `symcsq.strategies`.
        examples: how many to try, at least 1; fewer when the strategy has no more.
        type, statement: of the claim, for a plain function; by default its name and docstring.

    Returns:
        A ClaimResult, "tested" with the number of examples, or "refuted" with the smallest
        counterexample that shrinking finds; "undecided" where irrational values could not be told
        apart at any example.

    Raises:
        VerificationError: the property raises, or does not answer the same twice; a float is
            compared.

    Complexity: `examples` evaluations; after a counterexample at most 500 more, to shrink it.

    Source: MATH.md section 5 ("tested").

    Examples:
        >>> from symcsq.strategies import points
        >>> def cauchy_schwarz(x):
        ...     "The square of the sum is at most n times the sum of squares."
        ...     return sum(x) ** 2 <= 3 * sum(v * v for v in x)
        >>> print(find_counterexample(cauchy_schwarz, points(3)))
        The square of the sum is at most n times the sum of squares.: tested: 200 examples
        >>> print(find_counterexample(lambda x: x[0] != x[1], points(3), type="no ties").witness)
        {'example': ['0', '0', '0']}
    """
    chosen = property
    if not isinstance(chosen, Property):
        chosen = _as_property(property, type, statement)
    search = Search(chosen, examples)
    search.draw(strategy)
    return search.result()


class Search:
    """A search under way: what became of its examples so far.

    Arguments:
        property: what should hold for every example.
        examples: how many to try.

    Raises:
        VerificationError: `examples` is not an integer >= 1.

    Attributes:
        witness: of a counterexample, evaluated twice; None: there is none so far.
        left: how many examples are still to be tried.
    """

    def __init__(self, property: Property, examples: int) -> None:
        if isinstance(examples, bool) or not isinstance(examples, int) or examples < 1:
            raise VerificationError(
                f"examples: must be an integer >= 1, got {examples!r}; write e.g. {EXAMPLES}"
            )
        self.property = property
        self.left = examples
        self.witness: Mapping[str, Any] | None = None
        self._holding = 0
        self._open = ""  # an equation that could not be decided
        self._undecided = 0

    def fails(self, example: Any) -> bool:
        """Whether the property does not hold for an example, or raises."""
        from hypothesis.errors import HypothesisException

        try:
            found = self.property.violation(example)
        except CannotTell as equation:
            self._undecided += 1
            self._open = self._open or str(equation)
            found = None
        except HypothesisException:  # `assume` inside a property
            raise
        except Exception:  # shrunk like a counterexample, then reported as an error
            return True
        else:
            self._holding += found is None
        self.left -= 1
        return found is not None

    def refute(self, example: Any) -> None:
        """Evaluate an example that failed again, for its witness."""
        try:
            witness = self.property.violation(example)
        except Exception as error:
            raise VerificationError(
                f"property: {self.property.type!r} raised {error.__class__.__name__} for the "
                f"example {_words(shown(example))}: {_line(error)}; draw examples from its domain"
            ) from error
        if witness is None:
            raise VerificationError(_moody(self.property))
        self.witness = dict(witness)

    def draw(self, strategy: Any) -> None:
        """Try what is left from a strategy; of counterexamples shrinking finds the smallest."""
        from hypothesis import HealthCheck, Phase, Verbosity, find, settings
        from hypothesis.errors import Flaky, HypothesisException, NoSuchExample

        fixed = settings(
            max_examples=self.left,
            database=None,
            derandomize=True,  # the seed is a digest of the search, not of the clock
            deadline=None,
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),  # explanations would trace every line
        )
        try:
            smallest = find(strategy, self.fails, settings=fixed)
        except NoSuchExample:
            return
        except Flaky as error:
            raise VerificationError(_moody(self.property)) from error
        except HypothesisException as error:
            raise VerificationError(
                f"strategy: hypothesis could not draw examples for {self.property.type!r}: "
                f"{_line(error)}; use a strategy such as symcsq.strategies.points(3)"
            ) from error
        self.refute(smallest)

    def result(self) -> ClaimResult:
        """The claim, when the search is over."""
        type, statement = self.property.type, self.property.statement
        if self.witness is not None:
            value = ", ".join(f"{key} {_words(part)}" for key, part in self.witness.items())
            return ClaimResult(type, statement, "refuted", value, witness=self.witness)
        if self._undecided and not self._holding:
            return ClaimResult(type, statement, "undecided", f"cannot tell whether {self._open}")
        value = "1 example" if self._holding == 1 else f"{self._holding} examples"
        if self._undecided:
            value += f"; at {self._undecided} more, values could not be told apart"
        return ClaimResult(type, statement, "tested", value, record={"examples": self._holding})


def _as_property(holds: Any, type: str, statement: str) -> Property:
    if not callable(holds):
        raise VerificationError(
            f"property: must be a Property or a function of one example, got {holds!r}; "
            "write lambda x: ..."
        )
    name = type or getattr(holds, "__name__", "property").replace("_", "-").strip("-<>")
    text = statement or " ".join((getattr(holds, "__doc__", None) or "").split())

    def violation(example: Any) -> Mapping[str, Any] | None:
        return None if holds(example) else {"example": shown(example)}

    return Property(name, text or name, violation)


def _moody(property: Property) -> str:
    return (
        f"property: {property.type!r} must give the same answer each time, got two for one "
        "example; remove what is random or remembered"
    )


# -- exact values ----------------------------------------------------------------------------------


def exact_value(value: Any, what: str = "value") -> ExactReal:
    """A value of a function as an exact real; a float is refused.

    Examples:
        >>> exact_value(3)
        ExactReal(3)
        >>> exact_value(0.5, "f(x)")
        Traceback (most recent call last):
            ...
        symcsq.errors.VerificationError: f(x): must be an exact number, got the float 0.5; \
compute with Fractions
    """
    if isinstance(value, ExactReal):
        return value
    if isinstance(value, Fraction) or (isinstance(value, int) and not isinstance(value, bool)):
        return ExactReal(Fraction(value))
    if hasattr(value, "__index__") and not isinstance(value, bool):
        return ExactReal(Fraction(int(value.__index__())))
    if hasattr(value, "p") and hasattr(value, "q"):  # a flint or sympy rational
        return ExactReal(Fraction(int(value.p), int(value.q)))
    raise VerificationError(
        f"{what}: must be an exact number, got the {value.__class__.__name__} {value!r}; "
        "compute with Fractions"
    )


def differ(left: Any, right: Any) -> bool | None:
    """Whether two exact values are different; None when 4,000 bits do not tell.

    Equal forms are equal. Different forms of irrational values are compared by ball arithmetic: it
    can show that they differ, never that they are equal.

    Examples:
        >>> differ(Fraction(1, 2), ExactReal.arcsine(Fraction(1, 2))), differ(1, 1)
        (True, False)
    """

    difference = exact_value(left) - exact_value(right)
    if difference.is_rational:
        return bool(difference.constant)
    if not difference.is_determined:
        return None
    for precision in (128, 1000, 4000):
        with working_precision(precision):
            if not difference.ball().contains(0):
                return True
    return None


def shown(example: Any) -> Any:
    """An example as JSON-ready data: exact numbers as texts, permutations as image lists.

    Examples:
        >>> shown((Fraction(1, 2), 3, None))
        ['1/2', '3', None]
    """
    if example is None or isinstance(example, str | bool):
        return example
    if isinstance(example, int | Fraction):
        return exact_text(example)
    if isinstance(example, Enclosure):
        return [exact_text(example.lower), exact_text(example.upper)]
    if isinstance(example, Mapping):
        return {str(shown(key)): shown(value) for key, value in example.items()}
    if hasattr(example, "images"):
        return [int(i) for i in example.images]
    if isinstance(example, list | tuple):
        return [shown(part) for part in example]
    return str(example)


def _words(value: Any) -> str:
    if isinstance(value, list):
        return f"({', '.join(map(_words, value))})"
    return str(value)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()) or error.__class__.__name__
