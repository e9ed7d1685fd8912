"""Groups by listing all elements: slow, obvious, and shared by the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Images = tuple[int, ...]


def compose(p: Sequence[int], q: Sequence[int]) -> Images:
    """q first."""
    return tuple(p[i] for i in q)


def inverse(p: Sequence[int]) -> Images:
    return tuple(sorted(range(len(p)), key=p.__getitem__))


def closure(generators: Iterable[Sequence[int]], degree: int) -> set[Images]:
    """All elements of the group that image lists generate."""
    gens = [tuple(g) for g in generators]
    identity = tuple(range(degree))
    found = {identity}
    queue = [identity]
    for x in queue:
        for g in gens:
            y = compose(g, x)
            if y not in found:
                found.add(y)
                queue.append(y)
    return found


def elements(group: object) -> set[Images]:
    """All elements of a `PermutationGroup`, from its generators only."""
    return closure([g.images.tolist() for g in group.generators], group.degree)  # type: ignore[attr-defined]


def normal_closure(group: set[Images], gens: Iterable[Sequence[int]], degree: int) -> set[Images]:
    conjugates = {compose(compose(g, x), inverse(g)) for g in group for x in map(tuple, gens)}
    return closure(conjugates, degree)


def commutators(group: set[Images]) -> set[Images]:
    return {compose(compose(g, h), compose(inverse(g), inverse(h))) for g in group for h in group}


def centre(group: set[Images]) -> set[Images]:
    return {g for g in group if all(compose(g, h) == compose(h, g) for h in group)}
