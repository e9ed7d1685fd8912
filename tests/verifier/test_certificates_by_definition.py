"""Gram matrices of sample certificates from the definitions of their members, by brute force.

What docs/certificates.md says of each kind, in floating point or by going through all points, with
no formula of the package: members are polynomials whose moments are multiplied out, sums over all
graphs, or sums over all points of a law. The bound is computed again from that matrix.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from itertools import combinations, product
from typing import Any

import symcsq as cs
from symcsq.verifier import checker
from tests.verifier.own_families import Sums, Walsh
from tests.verifier.sample_families import FAMILIES

Body = dict[str, Any]
Matrix = list[list[float]]
Polynomial = dict[tuple[int, ...], float]
Row = tuple[int, ...]


def exact(text: str) -> float:
    return float(Fraction(text))


def claim(body: Body, name: str) -> Body:
    found: Body = next(c for c in body["claims"] if c["type"] == name)
    return found


# ------------------------------------------------------------------------------------- polynomials


def times(p: Polynomial, q: Polynomial) -> Polynomial:
    total: Polynomial = {}
    for a, x in p.items():
        for b, y in q.items():
            key = tuple(i + j for i, j in zip(a, b, strict=True))
            total[key] = total.get(key, 0) + x * y
    return total


def plus(p: Polynomial, q: Polynomial, factor: float = 1) -> Polynomial:
    total = dict(p)
    for key, x in q.items():
        total[key] = total.get(key, 0) + factor * x
    return total


def moments(body: Body) -> Callable[[tuple[int, ...]], float]:
    """E of a monomial under a product law, the sphere, or the uniform law on vectors."""
    section = body["distribution"]
    if "marginals" in section:
        tables = [[exact(m) for m in law["moments"]] for law in section["marginals"]]
        for law, table in zip(section["marginals"], tables, strict=True):
            if law["kind"] == "gaussian":  # of networks only the first moments are listed
                while len(table) < 30:
                    table.append((len(table) - 1) * table[-2])
        of = section["marginal_of"]
        return lambda e: math.prod(tables[k][power] for k, power in zip(of, e, strict=True))
    joint = section["joint"]
    n = joint.get("points")
    if joint["kind"] == "sphere":

        def sphere(e: tuple[int, ...]) -> float:
            if any(k % 2 for k in e):
                return 0.0
            top = math.prod(math.prod(range(1, k, 2)) for k in e)
            return top / math.prod(range(n, n + sum(e), 2))

        return sphere
    if joint["kind"] == "slice":
        chosen = list(combinations(range(n), joint["ones"]))
        return lambda e: (
            sum(all(i in s for i, k in enumerate(e) if k) for s in chosen) / len(chosen)
        )
    law = [
        (list(map(exact, vector.split(" "))), exact(weight))
        for vector, weight in zip(joint["support"], joint["weights"], strict=True)
    ]
    return lambda e: sum(w * math.prod(map(pow, x, e)) for x, w in law)


def orthogonal(table: list[float], degree: int) -> list[list[float]]:
    """Monic orthogonal polynomials of one variable, by Gram and Schmidt on the moments."""
    found: list[list[float]] = []
    for k in range(degree + 1):
        p = [0.0] * k + [1.0]
        for q in found:
            inner = sum(c * table[k + j] for j, c in enumerate(q))
            norm = sum(a * b * table[i + j] for i, a in enumerate(q) for j, b in enumerate(q))
            p = [c - (inner / norm * q[i] if i < len(q) else 0) for i, c in enumerate(p)]
        found.append(p)
    return found


def basis_polynomial(body: Body, exponents: Row) -> Polynomial:
    """p_alpha for a product law, x^alpha for others."""
    section, n = body["distribution"], len(exponents)
    if "marginals" not in section:
        return {exponents: 1.0}
    result: Polynomial = {(0,) * n: 1.0}
    for i, power in enumerate(exponents):
        table = [exact(m) for m in section["marginals"][section["marginal_of"][i]]["moments"]]
        p = orthogonal(table, power)[power]
        factor = {tuple(j if k == i else 0 for k in range(n)): c for j, c in enumerate(p)}
        result = times(result, factor)
    return result


def signed_orbit(body: Body, vector: Row) -> dict[Row, int]:
    """The orbit, with the sign of each vector where the family has a character."""
    generators = body["group"]["generators"]
    signs = body["family"].get("character", [1] * len(generators))
    found, queue = {vector: 1}, [vector]
    for x in queue:
        for g, sign in zip(generators, signs, strict=True):
            image = [0] * len(x)
            for i, e in enumerate(x):
                image[g[i]] = e
            if tuple(image) not in found:
                found[tuple(image)] = sign * found[x]
                queue.append(tuple(image))
    return found


def orbit_sums(body: Body) -> list[Polynomial]:
    n, result = body["group"]["degree"], []
    for orbit in body["orbits"]:
        vector = [0] * n
        for point, exponent in orbit["representative"]:
            vector[point] = exponent
        total: Polynomial = {}
        for x, sign in signed_orbit(body, tuple(vector)).items():
            total = plus(total, basis_polynomial(body, x), sign)
        result.append(total)
    return result


def inner_products(body: Body, members: list[Polynomial]) -> Matrix:
    expectation = moments(body)
    return [
        [sum(c * expectation(e) for e, c in times(p, q).items()) for q in members] for p in members
    ]


def combinations_of_orbits(body: Body) -> Matrix:
    sums = orbit_sums(body)
    if body["family"].get("normalised"):
        norms = inner_products(body, sums)
        sums = [{e: c / math.sqrt(norms[k][k]) for e, c in p.items()} for k, p in enumerate(sums)]
    members = []
    for function in body["functions"]:
        total: Polynomial = {}
        for k, c in function["coefficients"]:
            total = plus(total, sums[k], exact(c) / exact(function["denominator"]))
        members.append(total)
    return inner_products(body, members)


# ------------------------------------------------------------------------------- isotropic vectors


def linear_forms(body: Body) -> list[list[list[complex]]]:
    """For each member the linear forms L on the coordinates, of which it is a sum of f(L)."""
    family, n = body["family"], len(body["distribution"]["marginal_of"])
    vectors = [
        [complex(x, y) for x, y in zip(*(map(int, f[k].split(" ")) for k in "uv"), strict=True)]
        for f in body["functions"]
    ]
    if family["kind"] == "rotation-networks":
        return [[a] for a in vectors]
    result = []
    for a in vectors:
        forms = []
        if family["kind"] == "convolutional-networks":
            d = family["columns"]
            for g in elements(body):
                columns = [None] if family["filters"] == "full" else range(d)
                for column in columns:
                    form = [0j] * n  # f(g^-1 X): the entry of a at row r meets row g(r)
                    for r in range(n // d):
                        for c in range(d) if column is None else [column]:
                            form[g[r] * d + c] += a[r * d + c] if column is None else a[r]
                    forms.append(form)
        else:
            d = family["features"]
            for line in family["matrix"]:
                row = [exact(x) for x in line.split(" ")]
                forms.append([row[w] * a[c] for w in range(len(row)) for c in range(d)])
        result.append(forms)
    return result


def elements(body: Body) -> list[Row]:
    n = body["group"]["degree"]
    found = [tuple(range(n))]
    for g in found:
        for h in body["group"]["generators"]:
            image = tuple(h[i] for i in g)
            if image not in found:
                found.append(image)
    return found


def isotropic(body: Body) -> Matrix:
    members, family = linear_forms(body), body["family"]
    power, activation = family["power"], family["activation"]
    if activation is None:  # Re(L^k), multiplied out
        n = len(members[0][0])
        units = [tuple(int(i == j) for j in range(n)) for i in range(n)]
        polynomials = []
        for forms in members:
            total: Polynomial = {}
            for form in forms:
                line: Any = {units[i]: c for i, c in enumerate(form) if c}
                result: Any = {(0,) * n: 1}
                for _ in range(power):
                    result = times(result, line)
                total = plus(total, {e: c.real for e, c in result.items()})
            polynomials.append(total)
        return inner_products(body, polynomials)
    # Sums of units: the covariance of two of them decides the expectation of their product.
    units_of = []
    for f, forms in zip(body["functions"], members, strict=True):
        length = math.sqrt(sum(int(x) ** 2 for x in f["u"].split(" ")))
        units_of.append(
            [
                ((-1) ** j, [(c * turn.conjugate()).real / length for c in form])
                for form in forms
                for j in range(1, 2 * power + 1)
                for turn in [complex(math.cos(math.pi * j / power), math.sin(math.pi * j / power))]
            ]
        )
    return sums_of_units(activation, units_of)


def sums_of_units(activation: Body, units_of: list[list[tuple[int, list[float]]]]) -> Matrix:
    """For members ``sum s phi(<v, x>)`` over their pairs (s, v), under the Gaussian."""
    return [
        [
            sum(
                s * t * kernel(activation, dot(v, v), dot(v, w), dot(w, w))
                for s, v in p
                for t, w in q
            )
            for q in units_of
        ]
        for p in units_of
    ]


def parity_units(n: int, subset: Row) -> list[tuple[int, list[float]]]:
    """The hidden units of f_S, with their signs."""
    found = []
    for w in product((1, -1), repeat=len(subset)):
        vector = [0.0] * n
        for i, a in zip(subset, w, strict=True):
            vector[i] = a / math.sqrt(len(subset))
        found.append((math.prod(w), vector))
    return found


def parities(body: Body) -> Matrix:
    family = body["family"]
    units = [parity_units(family["n"], f["subset"]) for f in body["functions"]]
    return sums_of_units(family["activation"], units)


def averages(body: Body) -> Matrix:
    base, group = body["family"]["base"], elements(body)
    units = []
    for function in body["functions"]:
        ((orbit, one),) = function["coefficients"]
        assert one == function["denominator"] == "1"
        subset = body["orbits"][orbit]["representative"]
        images = {tuple(sorted(g[i] for i in subset)) for g in group}
        units.append([unit for image in images for unit in parity_units(base["n"], image)])
    return sums_of_units(base["activation"], units)


def dot(v: list[float], w: list[float]) -> float:
    return sum(a * b for a, b in zip(v, w, strict=True))


def kernel(activation: Body, s: float, c: float, t: float) -> float:
    """E[phi(X) phi(Y)] for centred Gaussians with variances s, t and covariance c."""
    if "polynomial" in activation:
        given = [exact(x) for x in activation["polynomial"]]
        total = 0.0
        for i, a in enumerate(given):
            for j, b in enumerate(given):
                total += a * b * pair_moment(i, j, s, c, t)
        return total
    name = activation["name"]
    if name == "erf":
        return 2 / math.pi * math.asin(2 * c / math.sqrt((1 + 2 * s) * (1 + 2 * t)))
    if s < 1e-12 or t < 1e-12:
        return 0.0
    rho = max(-1.0, min(1.0, c / math.sqrt(s * t)))
    if name == "sign":
        return 2 / math.pi * math.asin(rho)
    root, scale = math.sqrt(max(0.0, 1 - rho * rho)), math.sqrt(s * t)
    if name == "abs":
        return scale * 2 / math.pi * (root + rho * math.asin(rho))
    return scale * (root + rho * (math.pi - math.acos(rho))) / (2 * math.pi)


def pair_moment(i: int, j: int, s: float, c: float, t: float) -> float:
    """E[X^i Y^j] by Stein's identity."""
    if i == 0 and j == 0:
        return 1.0
    if i:
        left = (i - 1) * s * pair_moment(i - 2, j, s, c, t) if i > 1 else 0.0
        return left + (j * c * pair_moment(i - 1, j - 1, s, c, t) if j else 0.0)
    return (j - 1) * t * pair_moment(0, j - 2, s, c, t) if j > 1 else 0.0


# -------------------------------------------------------------------------- sums over all points


def degree_parities(body: Body) -> Matrix:
    n, p = body["family"]["n"], exact(body["family"]["p"])
    edges, sets = list(combinations(range(n), 2)), [f["subset"] for f in body["functions"]]
    total = [[0.0] * len(sets) for _ in sets]
    for graph in product((0, 1), repeat=len(edges)):
        degrees = [0] * n
        for (a, b), joined in zip(edges, graph, strict=True):
            degrees[a] += joined
            degrees[b] += joined
        weight = p ** sum(graph) * (1 - p) ** (len(edges) - sum(graph))
        values = [(-1) ** sum(d in s for d in degrees) for s in sets]
        for i, x in enumerate(values):
            for j, y in enumerate(values):
                total[i][j] += weight * x * y
    return total


def support(law: Body) -> list[tuple[float, float]]:
    values = [exact(x) for x in law["parameters"]]
    if law["kind"] == "rademacher":
        return [(-1.0, 0.5), (1.0, 0.5)]
    if law["kind"] == "bernoulli":
        return [(0.0, 1 - values[0]), (1.0, values[0])]
    if law["kind"] == "finite":
        return [(x, 1 / len(values)) for x in values]
    return list(zip(values[::2], values[1::2], strict=True))


def frame_at(frame: Body, group: list[Row], x: Row) -> dict[Row, float]:
    """The elements of F(x) with their weights."""
    if frame["name"] == "mixture":
        found: dict[Row, float] = {}
        for part in frame["parts"]:
            for g, w in frame_at(part["frame"], group, x).items():
                found[g] = found.get(g, 0) + exact(part["weight"]) * w
        return found
    moved = {g: tuple(x[i] for i in g) for g in group}  # g^-1.x
    name = frame["name"]
    if name == "sorting":
        chosen = [g for g in group if list(moved[g]) == sorted(x)]
    elif name == "absolute-sorting":
        chosen = [g for g in group if [*map(abs, moved[g])] == sorted(map(abs, x))]
    elif name == "minimal-image":
        chosen = [g for g in group if moved[g] == min(moved.values())]
    else:
        chosen = group  # a transversal meets each image as often as the group
    return dict.fromkeys(chosen, 1 / len(chosen))


def finite_frames(body: Body) -> Matrix:
    base, section = body["family"]["base"], body["distribution"]
    m, activation, group = base["m"], base["activation"], elements(body)
    subsets = [f["subset"] for f in body["functions"]]
    total = [[0.0] * len(subsets) for _ in subsets]

    def unit(u: float) -> float:
        if "polynomial" in activation:
            return sum(exact(c) * u**k for k, c in enumerate(activation["polynomial"]))
        return {"relu": max(u, 0), "abs": abs(u), "sign": (u > 0) - (u < 0)}[activation["name"]]

    def network(x: Row, subset: list[int]) -> float:
        return sum(
            math.prod(w)
            * unit(sum(a * x[i] for a, i in zip(w, subset, strict=True)) / math.sqrt(m))
            for w in product((1, -1), repeat=m)
        )

    laws = [support(section["marginals"][k]) for k in section["marginal_of"]]
    for chosen in product(*laws):
        x: Any = tuple(value for value, _ in chosen)
        weight = math.prod(w for _, w in chosen)
        frame = frame_at(body["family"]["frame"], group, x)
        values = [
            sum(w * network(tuple(x[i] for i in g), subset) for g, w in frame.items())
            for subset in subsets
        ]
        for i, a in enumerate(values):
            for j, b in enumerate(values):
                total[i][j] += weight * a * b
    return total


def own_functions(family: Any) -> Matrix:
    """E of the products of the functions themselves, going through all points of a law.

    In the place of a Gaussian coordinate stand three points that have its first five moments:
    enough for products in which no exponent exceeds 5.
    """
    three = [(0.0, 2 / 3), (math.sqrt(3), 1 / 6), (-math.sqrt(3), 1 / 6)]
    laws: list[list[tuple[float, float]]] = [
        three if points is None else [(float(x), float(w)) for x, w in points]
        for points in (family.distribution[i].points for i in range(family.distribution.dimension))
    ]
    size = len(family)
    total = [[0.0] * size for _ in range(size)]
    for chosen in product(*laws):
        weight = math.prod(w for _, w in chosen)
        values = [float(family[i]([x for x, _ in chosen])) for i in range(size)]
        for i, a in enumerate(values):
            for j, b in enumerate(values):
                total[i][j] += weight * a * b
    return total


#: Those of the samples give entries alone, and no functions that have them.
OWN: dict[str, Callable[[], Any]] = {
    "user-defined, signs": lambda: Walsh(4),
    "user-defined, linear forms": lambda: Sums(5),
}

DEFINITIONS: dict[str, Callable[[Body], Matrix]] = {
    "invariant-polynomials": combinations_of_orbits,
    "semi-invariant-polynomials": combinations_of_orbits,
    "moment-invariant-polynomials": combinations_of_orbits,
    "expansions": combinations_of_orbits,
    "sparse-invariant-polynomials": combinations_of_orbits,
    "independent-invariants": combinations_of_orbits,
    "parity-networks": parities,
    "frame-averaged": averages,
    "rotation-networks": isotropic,
    "convolutional-networks": isotropic,
    "graph-feature-networks": isotropic,
    "degree-parity-networks": degree_parities,
    "finite-frame-averages": finite_frames,
}


# ------------------------------------------------------------------------------------------- tests


def stated_entries(body: Body) -> Matrix | None:
    gram, size = claim(body, "gram"), len(body["functions"])
    if gram["status"] in ("undecided", "refuted"):
        return None
    if "diagonal" in gram:
        return diagonal([sum(map(exact, gram["diagonal"])) / 2] * size)
    if gram == {"type": "gram", "status": gram["status"], "rest": "0"}:
        return diagonal([sum(map(exact, ends)) / 2 for ends in claim(body, "norm")["values"]])
    if "differences" in gram:
        row = [exact(x) for x in gram["differences"]]
        return [[row[i ^ j] for j in range(size)] for i in range(size)]
    if "entries" not in gram:
        return None
    stated = [[0.0] * size for _ in range(size)]
    for i, j, *ends in gram["entries"]:
        stated[i][j] = stated[j][i] = sum(map(exact, ends)) / len(ends)
    return stated


def diagonal(values: list[float]) -> Matrix:
    return [[x * (i == j) for j in range(len(values))] for i, x in enumerate(values)]


def close(a: float, b: float, scale: float = 1.0) -> bool:
    # An arcsine near 1 loses half the digits.
    return abs(a - b) <= 1e-7 * max(1.0, abs(scale))


def made() -> Iterator[tuple[str, Body, Callable[[], Matrix]]]:
    """Every sample whose members are listed, with its Gram matrix by definition."""
    for name, make in (FAMILIES | OWN).items():
        family = make()
        body = json.loads(cs.verify(family).certificate.text)
        kind = body["family"]["kind"]
        if kind == "user-defined":
            if name in OWN:
                yield name, body, partial(own_functions, family)
        elif body["functions"] and not is_series(body) and body["family"].get("n", 0) <= 5:
            yield name, body, partial(DEFINITIONS[kind], body)


def is_series(body: Body) -> bool:
    """Whether only bounds of the Hermite weights of an activation are known, not the function."""
    family = body["family"]
    return "weights" in (family.get("base", family).get("activation") or {})


def test_gram_matrices_and_bounds_follow_from_the_definitions() -> None:
    kinds = set()
    for name, body, definition in made():
        stated = stated_entries(body)
        if stated is None:
            continue
        found = definition()
        kinds.add(body["family"]["kind"])
        size, largest = len(found), max(found[i][i] for i in range(len(found)))
        for i in range(size):
            for j in range(size):
                assert close(found[i][j], stated[i][j], largest), (name, i, j)
        norms = [found[i][i] for i in range(size)]
        check_norm(name, body, norms)
        if min(norms) > 1e-9:
            check_bound(name, body, found, norms)
    assert kinds == set(checker.FAMILIES)


def check_norm(name: str, body: Body, norms: list[float]) -> None:
    norm = claim(body, "norm")
    if "values" in norm:
        stated = list(zip(norm["values"], norms, strict=True))
    else:
        least, largest = ("lower", "upper") if "lower" in norm else ("minimum", "maximum")
        stated = [(norm[least], min(norms)), (norm[largest], max(norms))]
    for ends, value in stated:
        for end in ends if isinstance(ends, list) else [ends]:
            assert close(exact(end), value, max(norms)), name
    assert (norm["status"] == "refuted") == (min(norms) < 1e-9), name


def check_bound(name: str, body: Body, gram: Matrix, norms: list[float]) -> None:
    size, bound = len(norms), claim(body, "csq-bound")
    unit = [
        [abs(x) / math.sqrt(norms[i] * norms[j]) for j, x in enumerate(row)]
        for i, row in enumerate(gram)
    ]
    coherence = max((unit[i][j] for i in range(size) for j in range(i)), default=0.0)
    stated = next(c for c in body["claims"] if c["type"].endswith("orthogonality"))
    if "maximum" in stated:
        assert close(exact(stated["maximum"]), coherence**2), name
        assert (stated["status"] == "refuted") == close(coherence, 1), name
        if stated.get("pair"):
            i, j = stated["pair"]
            assert close(unit[i][j], coherence), name
    if bound["status"] == "undecided":
        return
    row_sum, gamma = max(map(sum, unit)), exact(bound["tolerance"]) ** 2
    assert close(exact(bound["row_sum"]), row_sum, row_sum), name
    assert exact(bound["row_sum"]) >= row_sum * (1 - 1e-12)
    dimension = size * gamma / row_sum
    bessel = dimension - 1
    if gamma > coherence + 1e-9:
        dimension = max(dimension, size * (gamma - coherence) / (1 - coherence))
    assert close(exact(bound["bound"]), max(bessel, dimension / 2 - 1), size), name
    assert int(bound["queries"]) == max(0, math.ceil(Fraction(bound["bound"])))


def test_the_definitions_themselves() -> None:
    """The brute force is right where everything can be written down: a swap of two points."""
    body = {
        "group": {"degree": 2, "generators": [[1, 0]]},
        "family": {},
        "orbits": [{"representative": [[1, 2]]}],
        "distribution": {
            "marginals": [{"kind": "gaussian", "moments": ["1", "0", "1", "0", "3"]}],
            "marginal_of": [0, 0],
        },
    }
    (square,) = orbit_sums(body)
    assert {e: c for e, c in square.items() if c} == {(0, 0): -2, (0, 2): 1, (2, 0): 1}
    assert inner_products(body, [square]) == [[4.0]]
