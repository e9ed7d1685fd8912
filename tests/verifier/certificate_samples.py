"""A second producer of certificates, for tiny groups, by brute force over all group elements.

It follows docs/certificates.md and shares nothing with the package: every group is listed element
by element, every orbit is a set of images, and kernels are those of the square. Tests use it as the
stranger who writes certificates from the specification alone.
"""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from itertools import combinations, product
from math import comb, factorial, prod
from typing import Any

Body = dict[str, Any]
Images = tuple[int, ...]
FORMAT = "symcsq-certificate/1"


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sealed(sections: Body) -> Body:
    """With fresh digests and hash."""
    body = {k: v for k, v in sections.items() if k not in ("digests", "sha256")}
    body["digests"] = {k: hashlib.sha256(canonical(v)).hexdigest() for k, v in body.items()}
    body["sha256"] = hashlib.sha256(canonical(body)).hexdigest()
    return body


def to_bytes(body: Body) -> bytes:
    return (json.dumps(body, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


# ------------------------------------------------------------------------------------------ groups


def compose(p: Images, q: Images) -> Images:
    return tuple(p[i] for i in q)


def inverse(p: Images) -> Images:
    return tuple(sorted(range(len(p)), key=lambda i: p[i]))


def closure(generators: list[Images], degree: int) -> list[Images]:
    elements = [tuple(range(degree))]
    for element in elements:
        for g in generators:
            if (new := compose(element, g)) not in elements:
                elements.append(new)
    return elements


def group_section(generators: list[Images], degree: int) -> Body:
    """A chain whose strong generators are all elements but the identity."""
    elements = closure(generators, degree)
    base: list[int] = []
    while any(all(g[b] == b for b in base) and g != elements[0] for g in elements):
        stabilizer = [g for g in elements if all(g[b] == b for b in base)]
        base.append(min(i for g in stabilizer for i in range(degree) if g[i] != i))
    items = list(generators)
    program: list[list[int]] = []
    for _ in range(len(elements)):  # close under products, in canonical form, until all are made
        for a, b in product(range(len(items)), repeat=2):
            new = compose(items[a], items[b])
            if new in items or new == elements[0]:
                continue
            if inverse(new) in items:
                program.append([items.index(inverse(new))])
            else:
                commute = new == compose(items[b], items[a])
                program.append([min(a, b), max(a, b)] if commute else [a, b])
            items.append(new)
    strong = list(range(len(items)))  # every non-identity element: nothing is dead
    levels = []
    for i, b in enumerate(base):
        chosen = [k for k in strong if all(items[k][c] == c for c in base[:i])]
        queue, tree = [b], []
        for parent, point in enumerate(queue):
            for k in chosen:
                if items[k][point] not in queue:
                    queue.append(items[k][point])
                    tree.append([parent, k])
        levels.append({"base": b, "generators": chosen, "tree": tree})
    return {
        "degree": degree,
        "action": "(g.x)[g[i]] = x[i]",
        "compose": "(p*q)[i] = p[q[i]]",
        "generators": [list(g) for g in generators],
        "order": str(len(elements)),
        "chain": {
            "base": base,
            "program": program,
            "strong_generators": [{"item": k, "images": list(items[k])} for k in strong],
            "levels": levels,
        },
    }


def act(g: Images, x: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(x[inverse(g)[i]] for i in range(len(x)))


def orbit_entry(x: tuple[int, ...], generators: list[Images], elements: list[Images]) -> Body:
    queue, tree = [x], []
    for parent, point in enumerate(queue):
        for k, g in enumerate(generators):
            if (image := act(g, point)) not in queue:
                queue.append(image)
                tree.append([parent, k])
    assert set(queue) == {act(g, x) for g in elements} and min(queue) == x
    fixing = sum(act(g, x) == x for g in elements)
    return {"size": str(len(queue)), "stabilizer_order": str(fixing), "tree": tree}


# ----------------------------------------------------------------------------------- distributions

MOMENTS = {
    "gaussian": lambda k: Fraction(
        0 if k % 2 else factorial(k) // (2 ** (k // 2) * factorial(k // 2))
    ),
    "rademacher": lambda k: Fraction((k + 1) % 2),
    "uniform": lambda k: Fraction((k + 1) % 2, k + 1),
}
NORMS = {
    "gaussian": lambda k: Fraction(factorial(k)),
    "rademacher": lambda k: Fraction(int(k < 2)),
    "uniform": lambda k: Fraction(4**k * factorial(k) ** 4, (2 * k + 1) * factorial(2 * k) ** 2),
}


def distribution_section(kinds: list[str], largest: int) -> Body:
    distinct = list(dict.fromkeys(kinds))
    marginals = []
    for kind in distinct:
        norms = [NORMS[kind](k) for k in range(largest + 1) if NORMS[kind](k)]
        moments = [MOMENTS[kind](k) for k in range(2 * len(norms) + 3)]
        marginals.append(
            {
                "kind": kind,
                "parameters": [],
                "moments": [str(m) for m in moments],
                "norms": [str(h) for h in norms],
                "multiplicity": kinds.count(kind),
            }
        )
    return {"marginals": marginals, "marginal_of": [distinct.index(kind) for kind in kinds]}


# ------------------------------------------------------------------------------------ certificates


def bound_claim(size: int, tolerance: str) -> Body:
    gamma = Fraction(tolerance) ** 2
    bound = size * gamma - 1
    return {
        "type": "csq-bound",
        "status": "proved",
        "tolerance": tolerance,
        "members": str(size),
        "row_sum": "1",
        "form": "bessel",
        "bound": str(bound),
        "queries": str(max(0, -int(-bound // 1))),
        "loss_below": str(1 - gamma),
    }


def proved(kind: str, **fields: Any) -> Body:
    return {"type": kind, "status": "proved", **fields}


def frame(kind: str, statements: list[str], sections: Body) -> Body:
    return sealed(
        {
            "format": FORMAT,
            "producer": {"name": "symcsq", "version": "0.1.0"},
            "lemma": {"name": kind, "statements": statements},
            **sections,
        }
    )


def invariants(
    generators: list[Images], degree: int, d: int, kind: str = "gaussian", multilinear: bool = False
) -> Body:
    """All orbit sums of degree d, one law for all coordinates."""
    elements = closure(generators, degree)
    cap = 1 if multilinear or kind == "rademacher" else d
    space = [x for x in product(range(cap + 1), repeat=degree) if sum(x) == d]
    least = sorted({min(act(g, x) for g in elements) for x in space})
    orbits, norms, names = [], [], []
    for x in least:
        entry = orbit_entry(x, generators, elements)
        terms = [[i, e] for i, e in enumerate(x) if e]
        h = prod((NORMS[kind](e) for e in x), start=Fraction(1))
        orbits.append({"representative": terms, "norm_squared": str(h), **entry})
        norms.append(h * int(entry["size"]))
        names.append("*".join(f"x{i}^{e}" if e > 1 else f"x{i}" for i, e in terms) or "1")
    largest = max((max(x, default=0) for x in least), default=0)
    return frame(
        "invariant-polynomials",
        ["M1", "M2", "M6", "M7", "M8", "M9"],
        {
            "distribution": distribution_section([kind] * degree, largest),
            "group": group_section(generators, degree),
            "family": {
                "kind": "invariant-polynomials",
                "degree": d,
                "multilinear": largest <= 1,
                "members": "all",
            },
            "orbits": orbits,
            "functions": [
                {"name": f"m({name})", "denominator": "1", "coefficients": [[i, "1"]]}
                for i, name in enumerate(names)
            ],
            "claims": [
                proved("distribution-preserved"),
                proved("group-order", value=str(len(elements))),
                proved("invariance"),
                proved("orbits-disjoint", total=str(len(space))),
                proved("orbit-stabilizer"),
                proved("count", value=str(len(least)), cycle_index=str(len(least))),
                proved("gram", entries=[[i, i, str(v)] for i, v in enumerate(norms)], rest="0"),
                proved("norm", minimum=str(min(norms)), maximum=str(max(norms))),
                proved("orthogonality", maximum="0"),
                proved("size", value=str(len(least))),
                bound_claim(len(least), "1/10"),
            ],
        },
    )


def square_kernel(rho: Fraction) -> Fraction:
    """E[u^2 v^2] = 1 + 2 rho^2, by Wick's formula."""
    return 1 + 2 * rho * rho


def parity_family(n: int, m: int) -> Body:
    return {
        "kind": "parity-networks",
        "n": n,
        "m": m,
        "activation": {"polynomial": ["0", "0", "1"]},
        "members": "all",
    }


def square_claims(m: int) -> tuple[Body, Fraction]:
    rhos = [1 - Fraction(2 * h, m) for h in range(m + 1)]
    values = [[str(rho), *[str(square_kernel(rho))] * 2] for rho in rhos]
    norm = 2**m * sum((-1) ** h * comb(m, h) * square_kernel(rho) for h, rho in enumerate(rhos))
    return proved("kernel", digits=30, values=values, hermite=["1", "0", "1"]), Fraction(norm)


def parity_networks(n: int, m: int) -> Body:
    """All f_S with phi(u) = u^2; m = 2 gives the norm 16, other m give 0 except m = 1."""
    kernel, norm = square_claims(m)
    subsets = list(combinations(range(n), m))
    return frame(
        "parity-networks",
        ["M7", "M8", "M9", "M11", "M12", "M13"],
        {
            "distribution": distribution_section(["gaussian"] * n, 1),
            "group": group_section([], n),
            "family": parity_family(n, m),
            "orbits": [],
            "functions": [
                {"name": f"f({','.join(map(str, s))})", "subset": list(s)} for s in subsets
            ],
            "claims": [
                proved("sign-symmetric"),
                proved("sign-equivariance"),
                proved("subsets-distinct"),
                proved("size", value=str(len(subsets))),
                kernel,
                proved("norm", lower=str(norm), upper=str(norm), digits=30),
                proved("gram", diagonal=[str(norm)] * 2, rest="0", digits=30),
                proved("orthogonality", maximum="0"),
                bound_claim(len(subsets), "1/10"),
            ],
        },
    )


def frame_averaged(generators: list[Images], n: int, m: int) -> Body:
    """All Reynolds averages of f_S with phi(u) = u^2 over a tiny group."""
    elements = closure(generators, n)
    kernel, norm = square_claims(m)
    space = [tuple(int(i not in s) for i in range(n)) for s in combinations(range(n), m)]
    least = sorted({min(act(g, x) for g in elements) for x in space})
    subsets = [[i for i in range(n) if not x[i]] for x in least]
    entries = [orbit_entry(x, generators, elements) for x in least]
    return frame(
        "frame-averaged",
        ["M6", "M7", "M8", "M9", "M11", "M12", "M14"],
        {
            "distribution": distribution_section(["gaussian"] * n, 1),
            "group": group_section(generators, n),
            "family": {"kind": "frame-averaged", "frame": "reynolds", "base": parity_family(n, m)},
            "orbits": [
                {"representative": s, **entry} for s, entry in zip(subsets, entries, strict=True)
            ],
            "functions": [
                {
                    "name": f"F({','.join(map(str, s))})",
                    "denominator": "1",
                    "coefficients": [[i, "1"]],
                }
                for i, s in enumerate(subsets)
            ],
            "claims": [
                proved("sign-symmetric"),
                proved("distribution-preserved"),
                proved("group-order", value=str(len(elements))),
                proved("sign-equivariance"),
                proved("invariance"),
                proved("orbits-disjoint", total=str(len(space))),
                proved("orbit-stabilizer"),
                proved("count", value=str(len(least)), cycle_index=str(len(least))),
                kernel,
                proved(
                    "norm",
                    values=[[str(int(e["size"]) * norm)] * 2 for e in entries],
                    digits=30,
                ),
                proved("gram", rest="0"),
                proved("orthogonality", maximum="0"),
                proved("size", value=str(len(least))),
                bound_claim(len(least), "1/10"),
            ],
        },
    )
