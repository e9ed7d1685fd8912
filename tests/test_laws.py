"""The kit of laws catches every family that breaks one, and names the law and the witness."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import symcsq as cs
from groups import PermutationGroup, group
from symcsq.exact import Enclosure
from symcsq.laws import FAMILY_LAWS, check_family_laws, sample_points
from tests.verifier.own_families import SAMPLES, Sums, Walsh


class Symmetric:
    """x_0 + x_1, x_0 x_1 and (x_0 + x_1)/2 of two signs; the tests replace its attributes."""

    group = group("S2")
    distribution = cs.Rademacher().on(2)
    functions: tuple[Callable[[Any], Any], ...] = (
        lambda x: x[0] + x[1],
        lambda x: x[0] * x[1],
        lambda x: Fraction(x[0] + x[1]) / 2,
    )
    matrix: tuple[tuple[Any, ...], ...] = ((2, 0, 1), (0, 1, 0), (1, 0, Fraction(1, 2)))
    slow: Any = None
    size: Any = 3
    members = "listed"

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> Any:
        if not -3 <= index < 3:
            raise IndexError(index)
        return WithNetwork(self.functions[index], self.networks[index])

    @property
    def networks(self) -> tuple[Callable[[Any], Any], ...]:
        return self.functions

    def gram_entry(self, i: int, j: int) -> Any:
        return self.matrix[i][j]

    def gram_entry_slow(self, i: int, j: int) -> Any:
        return (self.slow or self.matrix)[i][j]

    def orthogonality_key(self, index: int) -> Any:
        return index % 2


class WithNetwork:
    def __init__(self, function: Any, network: Any) -> None:
        self.function = function
        self.its_network = network

    def __call__(self, x: Any) -> Any:
        return self.function(x)

    def network(self) -> Any:
        return self.its_network


def changed(i: int, j: int, value: Any, *, both: bool = False) -> Any:
    rows = [list(row) for row in Symmetric.matrix]
    rows[i][j] = value
    if both:
        rows[j][i] = value
    return tuple(map(tuple, rows))


def functions(index: int, function: Any) -> Any:
    listed = list(Symmetric.functions)
    listed[index] = function
    return tuple(listed)


class EndlessIndex(Symmetric):
    def __getitem__(self, index: int) -> Any:
        return super().__getitem__(index % 3)


class OtherLast(Symmetric):
    def __getitem__(self, index: int) -> Any:
        return super().__getitem__(0 if index == -1 else index)


class NoFunctions(Symmetric):
    def __getitem__(self, index: int) -> Any:
        return self.matrix[index]


class OtherNetwork(Symmetric):
    networks = functions(1, lambda x: x[0] * x[1] + (x[0] < x[1]))  # type: ignore[assignment]


class OtherExpansion(Symmetric):
    def __getitem__(self, index: int) -> Any:
        member = super().__getitem__(index)
        member.expansion = self.functions[index] if index != 1 else lambda x: x[0]
        return member


class Forgetful(Symmetric):
    """It comes back without what it was given."""

    def __reduce__(self) -> Any:
        return Symmetric, ()


class OtherNumbers(Symmetric):
    matrix = changed(0, 0, 3)

    def __reduce__(self) -> Any:
        return OtherNumbers._again, ()

    @staticmethod
    def _again() -> Any:
        again = OtherNumbers()
        again.matrix = Symmetric.matrix
        return again


def lying(**attributes: Any) -> Any:
    """A family with some class attributes replaced, which can still be pickled by the kit."""
    family = Symmetric()
    family.__dict__.update(attributes)
    return family


NUMBER = cs.exact.ExactReal.root(Fraction(2))
BROKEN: dict[str, tuple[Any, str, str]] = {
    "no entries": (object(), "protocol", "it has no __len__"),
    "another dimension": (
        lying(group=group("C3")),
        "protocol",
        "its group moves 3 points and its law has 2 coordinates",
    ),
    "no end": (EndlessIndex(), "indexing", "family[3] is a member, of 3"),
    "another end": (OtherLast(), "indexing", "family[-1] is not family[2]"),
    "members that are no functions": (
        NoFunctions(),
        "indexing",
        "member 0 cannot be called",
    ),
    "too small": (lying(size=2), "size", "the size is 2, and 3 members are held"),
    "too large": (lying(size=9), "size", "the size is 9, and 3 members are listed"),
    "a size that is none": (lying(size="3"), "size", "the size '3' is no integer"),
    "members of no kind": (lying(members="some"), "size", "members is 'some'"),
    "a float entry": (lying(matrix=changed(0, 1, 0.5)), "exact", "gram_entry(0, 1) is the float"),
    "a float value": (
        lying(functions=functions(2, lambda x: 0.5)),
        "exact",
        "it raises VerificationError: member 2 at (-1, -1): must be an exact number, got the float",
    ),
    "not symmetric": (
        lying(matrix=changed(0, 2, 2)),
        "symmetry",
        "<f_0, f_2> = 2 and <f_2, f_0> = 1",
    ),
    "two routes": (
        lying(slow=changed(1, 1, 2)),
        "two-routes",
        "gram_entry(1, 1) is 1, gram_entry_slow(1, 1) is 2",
    ),
    "both routes wrong": (
        lying(matrix=changed(0, 0, 3)),
        "expectation",
        "gram_entry(0, 0) is 3, E[f_0 f_0] is 2",
    ),
    "a network of another function": (
        OtherNetwork(),
        "network",
        "member 1 is -1 at (-1, 1), its network 0",
    ),
    "an expansion of another function": (
        OtherExpansion(),
        "expansion",
        "member 1 is 1 at (-1, -1), its expansion -1",
    ),
    "a law that is moved": (
        lying(distribution=cs.distributions.parse("rademacher x finite(-2,2)")),
        "preserved-law",
        "generator 0 sends point 0 to 1, where moment 2 is 4 instead of 1",
    ),
    "not invariant": (
        lying(functions=functions(1, lambda x: x[0])),
        "invariance",
        "member 1 is -1 at (-1, 1) and 1 at g.x, generator 0",
    ),
    "a key that tells nothing": (
        type("K", (Symmetric,), {"orthogonality_key": lambda s, i: i})(),
        "key",
        "members 0 and 2 have different keys, and <f_0, f_2> = 1",
    ),
    "comes back as another": (Forgetful(), "pickling", "it comes back as a Symmetric of 3"),
    "comes back with other numbers": (
        OtherNumbers(),
        "pickling",
        "gram_entry(0, 0) comes back as 2",
    ),
    "cannot be sent": (lying(secret=lambda: 0), "pickling", "it raises"),
}


def law(name: str) -> Any:
    return next(law for law in FAMILY_LAWS if law.name == name)


@pytest.mark.parametrize("name", BROKEN)
def test_every_broken_law_is_found_and_named(name: str) -> None:
    family, broken, witness = BROKEN[name]
    with pytest.raises(AssertionError) as caught:
        law(broken).check(family)
    text = str(caught.value)
    assert text.startswith(f"{type(family).__name__}: {broken}: ") and witness in text
    assert "\n" not in text
    with pytest.raises(AssertionError):
        check_family_laws(family)


def test_the_honest_family_obeys_them_all() -> None:
    for each in FAMILY_LAWS:
        each.check(Symmetric())
    check_family_laws(Symmetric())


def test_positivity_is_looked_at_for_more_than_pairs() -> None:
    with pytest.raises(AssertionError, match="the squared norm of 3"):
        law("positive").check(_Matrix([[4, 3, -3], [3, 4, 3], [-3, 3, 4]]))
    with pytest.raises(AssertionError, match="<f_1, f_0> = 2 with squared norms 1 and 1"):
        law("positive").check(_Matrix([[1, 2], [2, 1]]))
    with pytest.raises(AssertionError, match="<f_0, f_0> = -1"):
        law("positive").check(_Matrix([[-1]]))
    cell = NUMBER.enclosure()
    with pytest.raises(AssertionError, match="<f_1, f_0> = Enclosure"):
        law("positive").check(_Matrix([[1, cell], [cell, 1]]))
    law("positive").check(_Matrix([[2, cell], [cell, 2]]))
    law("positive").check(_Matrix([[2, NUMBER], [NUMBER, 2]]))


class _Matrix:
    group = PermutationGroup([], degree=2)
    distribution = cs.Gaussian().on(2)

    def __init__(self, matrix: Any) -> None:
        self.matrix = matrix

    def __len__(self) -> int:
        return len(self.matrix)

    def __getitem__(self, index: int) -> Any:
        return lambda x: x[0]

    def gram_entry(self, i: int, j: int) -> Any:
        return self.matrix[i][j]

    gram_entry_slow = gram_entry


def test_a_norm_of_zero_belongs_to_the_zero_function() -> None:
    zero = law("zero")
    with pytest.raises(AssertionError, match="member 0 has norm 0 and is not 0 at"):
        zero.check(_Matrix([[0]]))
    dead = lying(functions=functions(1, lambda x: 0))
    with pytest.raises(AssertionError, match="member 1 has squared norm 1 and is 0 everywhere"):
        zero.check(dead)
    zero.check(cs.ParityNetworks(4, 3))  # relu with odd m: the zero function


def test_laws_apply_only_to_what_a_family_offers() -> None:
    assert not law("network").applies(Sums()) and not law("size").applies(Walsh(3))
    assert law("network").applies(Walsh(3)) and law("key").applies(Symmetric())
    check_family_laws(Walsh(4))
    check_family_laws(Sums(4), leave_out=["pickling"])


def test_some_laws_can_be_left_out_and_members_chosen() -> None:
    family = lying(functions=functions(1, lambda x: x[0]))
    others = ["expectation", "pickling"]
    check_family_laws(family, leave_out=["invariance", *others])
    with pytest.raises(AssertionError, match="invariance"):
        check_family_laws(family, leave_out=others)
    check_family_laws(family, members=[0, 2], leave_out=["pickling"])
    law("invariance").check(family, members=[0, 2])


def test_semi_invariants_may_change_sign_as_their_character_says() -> None:
    signed = lying(functions=functions(1, lambda x: x[0] - x[1]), character=(-1,))
    with pytest.raises(AssertionError, match="member 0"):
        law("invariance").check(signed)
    law("invariance").check(signed, members=[1])


@pytest.mark.parametrize(
    "name", [name for name in SAMPLES if "refuted" in name and "0" not in name]
)
def test_what_verification_refutes_breaks_a_law(name: str) -> None:
    if "multiple" in name:
        return  # a family may hold a member twice; its bound is refuted
    with pytest.raises(AssertionError):
        check_family_laws(SAMPLES[name](), leave_out=["indexing", "pickling", "preserved-law"])


@pytest.mark.parametrize(
    "text",
    [
        "gaussian^3",
        "uniform^4",
        "rademacher^3",
        "rademacher^9",
        "finite(-2,-1,1,2)^7",
        "gaussian x bernoulli(1/3)^2",
        "sphere(4)",
        "sphere(1)",
        "slice(2,5)",
        "slice(4,9)",
        "slice(9,9)",
    ],
)
def test_points_lie_where_the_law_lives(text: str) -> None:
    law = cs.distributions.parse(text)
    points = sample_points(law)
    assert len(points) == len(set(points))
    assert 1 <= len(points) <= 12
    for x in points:
        assert len(x) == law.dimension and all(isinstance(v, Fraction) for v in x)
        if law.kind == "sphere":
            assert sum(v * v for v in x) == 1
        elif law.kind == "slice":
            assert sum(x) == law.weight and set(x) <= {0, 1}
        else:
            for i, v in enumerate(x):
                allowed = law[i].points
                assert allowed is None or v in [p for p, _ in allowed]
                assert law[i].kind != "uniform" or -1 <= v <= 1


def test_enclosures_are_compared_by_their_bounds() -> None:
    near = Enclosure(Fraction(0), Fraction(1), 0)
    law("two-routes").check(_Routes([[1]], [[near]]))
    with pytest.raises(AssertionError, match="gram_entry_slow"):
        law("two-routes").check(_Routes([[2]], [[near]]))


class _Routes(_Matrix):
    def __init__(self, matrix: Any, second: Any) -> None:
        super().__init__(matrix)
        self.second = second

    def gram_entry_slow(self, i: int, j: int) -> Any:
        return self.second[i][j]
