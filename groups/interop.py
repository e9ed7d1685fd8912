"""To and from sympy, GAP and networkx.

Translations only: image arrays, cycle strings and edges go over, nothing is computed there (but
automorphism groups of graphs, which igraph finds). Conventions differ: sympy and GAP multiply from
the right, so that their p*q is our q*p; groups as sets of permutations are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from groups.errors import DegreeError, InteropError, TooLargeError, shown
from groups.group import PermutationGroup
from groups.permutations import Permutation

_CYCLES = re.compile(r"(?:\((?:[0-9]+(?:,[0-9]+)*)?\))+")
_MOST_INTEGERS = 1 << 24  # that a text makes without a degree
_MAX_NODES = 1_000_000


# -- sympy ----------------------------------------------------------------------------------------


def to_sympy(group: PermutationGroup) -> Any:
    """The same group as a `sympy.combinatorics.PermutationGroup`.

    Raises:
        InteropError: degree 0, which sympy does not have.

    Examples:
        >>> to_sympy(PermutationGroup(["(1,2,3)", "(1,2)"])).order()
        6
    """
    from sympy.combinatorics import Permutation as SympyPermutation
    from sympy.combinatorics import PermutationGroup as SympyGroup

    if group.degree == 0:
        raise InteropError("group: sympy has no group of degree 0, got one; give it a fixed point")
    gens = [SympyPermutation(g.images.tolist()) for g in group.generators]
    return SympyGroup(gens or [SympyPermutation(list(range(group.degree)))])


def from_sympy(group: Any) -> PermutationGroup:
    """A group from a sympy `PermutationGroup`, on the same points 0..n-1.

    Raises:
        InteropError: another kind of object.

    Examples:
        >>> from sympy.combinatorics.named_groups import AlternatingGroup
        >>> from_sympy(AlternatingGroup(5)).order
        60
    """
    if not hasattr(group, "generators") or not hasattr(group, "degree"):
        raise InteropError(
            f"group: must be a sympy PermutationGroup, got {type(group).__name__}; "
            "use PermutationGroup([...]) for lists of images"
        )
    gens = list(group.generators)
    if not all(hasattr(g, "array_form") for g in gens):
        raise InteropError(
            f"group: must have sympy Permutations as generators, got {type(gens[0]).__name__}; "
            "use PermutationGroup([...]) for lists of images"
        )
    return PermutationGroup([list(g.array_form) for g in gens], int(group.degree))


# -- GAP ------------------------------------------------------------------------------------------


def to_gap(group: PermutationGroup) -> str:
    """GAP input that generates the group.

    GAP's permutations have no degree, so trailing fixed points are not told: `from_gap` takes the
    degree as an argument.

    Examples:
        >>> to_gap(PermutationGroup(["(1,2,3)", "(1,2)"], degree=4))
        'Group([ (1,2,3), (1,2) ])'
        >>> to_gap(PermutationGroup([], degree=4))
        'Group(())'
    """
    if not group.generators:
        return "Group(())"
    return "Group([ " + ", ".join(str(g) for g in group.generators) + " ])"


def from_gap(text: str, degree: int | None = None) -> PermutationGroup:
    """A group from GAP text.

    Arguments:
        text: what GAP prints, ``Group( [ (1,2,3)(4,5), (1,2) ] )``, or ``Group((1,2),(1,2,3))``, a
            list of permutations in brackets, or one permutation; line breaks are ignored.
        degree: number of points; by default the largest point moved.

    Raises:
        InteropError: other text, or only the identity without a degree.
        DegreeError: a point beyond the degree.

    Examples:
        >>> from_gap("Group( [ (1,2,3), (1,2) ] )", degree=4).order
        6
        >>> from_gap("Group(())", degree=2).order
        1
    """
    if not isinstance(text, str):
        raise InteropError(f"text: must be a string, got {type(text).__name__}; see G.to_gap()")
    # Blanks between two points stay, and are refused: GAP would not read them either.
    inner = re.sub(r"([^0-9]) | (?![0-9])", r"\1", " ".join(text.split())).rstrip(";")
    if inner.startswith("Group(") and inner.endswith(")"):
        inner = inner[len("Group(") : -1]
    if inner.startswith("[") and inner.endswith("]"):
        inner = inner[1:-1]
    cycles: list[str] = []
    position = 0
    while position < len(inner):
        match = _CYCLES.match(inner, position)
        if match is None:
            raise InteropError(
                f"text: cannot read {shown(text)} as a GAP group near "
                f"{inner[position : position + 20]!r}; "
                'write for example "Group( [ (1,2,3), (1,2) ] )"'
            )
        cycles.append(match.group())
        position = match.end()
        if position < len(inner):
            if inner[position] != ",":
                raise InteropError(
                    f"text: expected a comma in {shown(text)} before "
                    f"{inner[position : position + 20]!r}; "
                    "separate generators with commas"
                )
            position += 1
    if degree is None:
        digits = [word.lstrip("0") for word in re.findall("[0-9]+", inner)]
        longest = max(map(len, digits), default=0)
        largest = max((int(word or 0) for word in digits), default=0) if longest <= 12 else 10**12
        if largest * len(cycles) > _MOST_INTEGERS:
            raise TooLargeError(
                f"text: {len(cycles)} generators with points up to {largest} or more make more "
                f"than {_MOST_INTEGERS} integers; give the degree if that is what you mean"
            )
    permutations = [Permutation(c) for c in cycles]
    if degree is None:
        degree = max((p.degree for p in permutations), default=0)
        if degree == 0:
            raise InteropError(
                f"degree: must be given for a trivial group, got None with {shown(text)}; "
                "write degree=n"
            )
    if any(p.degree > degree for p in permutations):
        largest = max(p.degree for p in permutations)
        raise DegreeError(
            f"degree: must be at least the largest point, got {degree} with point {largest}; "
            f"use degree={largest} or more"
        )
    return PermutationGroup(cycles, degree)


# -- networkx -------------------------------------------------------------------------------------


def from_networkx(graph: Any, *, colour: str | None = None) -> PermutationGroup:
    """The automorphism group of a networkx graph; see `groups.automorphism_groups`.

    Arguments:
        graph: a `Graph` or `DiGraph`. colour: a node attribute that automorphisms must preserve.

    Returns:
        A group whose labels are the nodes, in the graph's order.

    Examples:
        >>> import networkx as nx
        >>> from_networkx(nx.petersen_graph()).order
        120
    """
    from groups.automorphism_groups import graph_automorphisms

    return graph_automorphisms(graph, colour=colour)


def cayley_graph(group: PermutationGroup, connections: Iterable[Any] | None = None) -> Any:
    """The Cayley graph as a `networkx.MultiDiGraph`.

    Arguments:
        group: a permutation group. connections: elements; by default the generators.

    Returns:
        Nodes are the elements (`Permutation`, identity first, in lexicographic order); for each
        connection number k an edge x → connection_k * x with attribute ``generator=k``.

    Raises:
        TooLargeError: more than 10^6 elements. MembershipError: a connection outside the group.

    Examples:
        >>> graph = cayley_graph(PermutationGroup(["(1,2,3)", "(1,2)"]))
        >>> graph.number_of_nodes(), graph.number_of_edges()
        (6, 12)
    """
    import networkx as nx

    if group.order > _MAX_NODES:
        raise TooLargeError(
            f"group: a Cayley graph has a node per element, got order {group.order} over "
            f"{_MAX_NODES}; use schreier_graph for the action on points"
        )
    steps = group.generators if connections is None else group.subgroup(connections).generators
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(group.elements())
    for x in list(graph.nodes):
        for k, s in enumerate(steps):
            graph.add_edge(x, s * x, generator=k)
    return graph


def schreier_graph(group: PermutationGroup) -> Any:
    """The Schreier graph of the action on points, as a `networkx.MultiDiGraph`.

    Returns:
        Nodes are the points (with attribute ``label`` if the group has labels); for each generator
        number k an edge p → generator_k(p) with attribute ``generator=k``.

    Examples:
        >>> sorted(schreier_graph(PermutationGroup(["(1,2,3)"])).edges(data="generator"))
        [(0, 1, 0), (1, 2, 0), (2, 0, 0)]
    """
    import networkx as nx

    graph = nx.MultiDiGraph()
    for p in range(group.degree):
        graph.add_node(p, **({} if group.labels is None else {"label": group.labels[p]}))
    for k, g in enumerate(group.generators):
        graph.add_edges_from((p, q, {"generator": k}) for p, q in enumerate(g.images.tolist()))
    return graph


def orbit_graph(
    group: PermutationGroup, pair: Sequence[int], *, directed: bool | None = None
) -> Any:
    """The orbital graph of a pair of points: the edges are the images of the pair.

    Arguments:
        group: a permutation group. pair: two points (u, v), perhaps equal.
        directed: by default a `networkx.Graph` if the orbital is symmetric and a `DiGraph` if not.

    Returns:
        A graph on all points whose automorphism group contains the group.

    Raises:
        PointError: not two points of the domain.

    Examples:
        >>> graph = orbit_graph(PermutationGroup(["(1,2,3,4,5)", "(2,5)(3,4)"]), (0, 1))
        >>> graph.number_of_edges(), graph.is_directed()
        (5, False)
    """
    import networkx as nx

    from groups.errors import PointError
    from groups.group import _checked_points

    if len(pair) != 2:
        raise PointError(f"pair: must be two points, got {len(pair)}; write for example (0, 1)")
    start = tuple(_checked_points("pair", [p], group.degree)[0] for p in pair)
    images = [g.images.tolist() for g in group.generators]
    seen = {start}
    queue = [start]
    for u, v in queue:
        for g in images:
            edge = g[u], g[v]
            if edge not in seen:
                seen.add(edge)
                queue.append(edge)
    if directed is None:
        directed = (start[1], start[0]) not in seen
    graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(range(group.degree))
    graph.add_edges_from(sorted(seen))
    return graph
