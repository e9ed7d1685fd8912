"""The sections of a certificate that describe the inputs: distribution, group, orbits.

Everything here is derived from the family and written in one canonical way, so that a reader can
demand equality field by field.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symcsq.verifier.claims import exact_text
from symcsq.verifier.group_order import Images, inverse_images, program_items

if TYPE_CHECKING:
    from groups import PermutationGroup
    from symcsq.distributions import Product

#: Moments are listed up to this many beyond twice the number of norms: enough to tell the kinds
#: apart.
_EXTRA_MOMENTS = 2


def distribution_section(distribution: Product, largest_exponent: int) -> dict[str, Any]:
    """The marginals with their moments and norms, and which coordinate has which.

    Arguments:
        distribution: the product law of the family.
        largest_exponent: the largest exponent that the family uses; norms are listed up to it, or
            up to the last non-zero one.

    Examples:
        >>> from symcsq.distributions import Rademacher
        >>> section = distribution_section(Rademacher().on(3), 1)
        >>> section["marginals"][0]["norms"], section["marginal_of"]
        (['1', '1'], [0, 0, 0])
    """
    marginals = []
    for index, marginal in enumerate(distribution.marginals):
        norms = []
        for exponent in range(largest_exponent + 1):
            norm = marginal.norm(exponent)
            if not norm:
                break
            norms.append(exact_text(norm))
        parameters = [exact_text(parameter) for parameter in marginal.parameters]
        if marginal.kind == "moments":
            moments = parameters
        else:
            last = 2 * len(norms) + _EXTRA_MOMENTS
            moments = [exact_text(marginal.moment(order)) for order in range(last + 1)]
        marginals.append(
            {
                "kind": marginal.kind,
                "parameters": parameters,
                "moments": moments,
                "norms": norms,
                "multiplicity": distribution.marginal_of.count(index),
            }
        )
    return {"marginals": marginals, "marginal_of": list(distribution.marginal_of)}


def joint_section(law: Any) -> dict[str, Any]:
    """The section on a law whose coordinates depend on each other.

    Examples:
        >>> from symcsq.distributions import Slice, Sphere
        >>> joint_section(Sphere(3)), joint_section(Slice(2, 5))["joint"]["ones"]
        ({'joint': {'kind': 'sphere', 'points': 3}}, 2)
    """
    joint: dict[str, Any] = {"kind": law.kind, "points": law.dimension}
    if law.kind == "slice":
        joint["ones"] = law.weight
    if law.kind == "finite":
        joint["support"] = [" ".join(map(exact_text, point)) for point in law.points]
        joint["weights"] = [exact_text(weight) for weight in law.weights]
    return {"joint": joint}


def group_section(group: PermutationGroup) -> dict[str, Any]:
    """Generators, order, and the stabiliser chain with its straight-line program.

    Examples:
        >>> from groups import group
        >>> section = group_section(group("C4"))
        >>> section["order"], section["chain"]["base"], section["chain"]["levels"][0]["tree"]
        ('4', [0], [[0, 0], [1, 0], [2, 0]])
    """
    chain = group.chain
    program, places = canonical_program(group)
    strong = np.asarray(chain.strong_generators).tolist()
    return {
        "degree": group.degree,
        "action": "(g.x)[g[i]] = x[i]",
        "compose": "(p*q)[i] = p[q[i]]",
        "generators": [g.images.tolist() for g in group.generators],
        "order": str(group.order),
        "chain": {
            "base": [int(point) for point in chain.base],
            "program": program,
            "strong_generators": [
                {"item": place, "images": images}
                for place, images in zip(places, strong, strict=True)
            ],
            "levels": [
                {
                    "base": int(level.base_point),
                    "generators": [int(index) for index in level.generator_indices],
                    "tree": tree_entry(level.tree),
                }
                for level in chain.levels
            ],
        },
    }


def canonical_program(group: PermutationGroup) -> tuple[list[list[int]], list[int]]:
    """The straight-line program in one normal form: distinct items, none of them unused.

    An item that is the inverse of an earlier one is written ``[a]``; a product of commuting items
    has its smaller number first.

    Returns:
        (instructions, the item number of each strong generator).
    """
    original = group.straight_line_program()
    values = program_items(group)
    count = len(group.generators)
    number: dict[bytes, int] = {}  # permutation -> its item in the normal form
    kept: list[Images] = []
    steps: list[list[int]] = []

    def keep(images: Images, step: list[int]) -> None:
        number[images.tobytes()] = len(kept)
        kept.append(images)
        steps.append(step)

    for images in values[:count]:
        keep(images, [])
    for images, instruction in zip(values[count:], original.instructions, strict=True):
        if images.tobytes() in number:
            continue
        inverse = number.get(inverse_images(images).tobytes())
        if inverse is not None:
            keep(images, [inverse])
            continue
        # Not an inverse of an earlier item, so the instruction is a product.
        a, b = (number[values[item].tobytes()] for item in instruction)
        if a > b and np.array_equal(kept[a][kept[b]], kept[b][kept[a]]):
            a, b = b, a
        keep(images, [a, b])

    strong = [number[values[item].tobytes()] for item in original.strong_items]
    needed = set(strong)
    for item in range(len(kept) - 1, count - 1, -1):
        if item in needed:
            needed.update(steps[item])
    alive = [item for item in range(len(kept)) if item < count or item in needed]
    renumbered = {item: place for place, item in enumerate(alive)}
    instructions = [[renumbered[a] for a in steps[item]] for item in alive[count:]]
    return instructions, [renumbered[item] for item in strong]


def tree_entry(tree: Iterable[Sequence[int]]) -> list[list[int]]:
    """A breadth-first tree as nested lists of plain integers."""
    return [[int(parent), int(generator)] for parent, generator in tree]


def sparse_vector(vector: Sequence[int]) -> list[list[int]]:
    """The non-zero entries of an exponent vector as [point, exponent], by point.

    Examples:
        >>> sparse_vector([0, 2, 0, 1])
        [[1, 2], [3, 1]]
    """
    return [[point, int(exponent)] for point, exponent in enumerate(vector) if exponent]


def monomial_name(vector: Sequence[int], letter: str = "m") -> str:
    """The name of an orbit sum in certificates: m, or u when it is scaled to unit norm.

    Examples:
        >>> monomial_name([2, 0, 0, 1]), monomial_name([0, 0])
        ('m(x0^2*x3)', 'm(1)')
    """
    factors = [
        f"x{point}" if exponent == 1 else f"x{point}^{exponent}"
        for point, exponent in sparse_vector(vector)
    ]
    return f"{letter}({'*'.join(factors) or '1'})"


def subset_name(letter: str, subset: Sequence[int]) -> str:
    """The name of a parity network (f) or of its average (F).

    Examples:
        >>> subset_name("f", (0, 1, 4))
        'f(0,1,4)'
    """
    return f"{letter}({','.join(map(str, subset))})"
