"""Automorphism groups of graphs and of linear codes.

The search is igraph's (BLISS); here objects are only translated to coloured undirected graphs and
back. The generators that come back are checked, so a wrong answer could only be a group that is
too small.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from groups.errors import GroupsError, ParameterError, TooLargeError
from groups.finite_fields import field, prime_power
from groups.group import PermutationGroup
from groups.linear_groups import all_vectors
from groups.ranking import whole_number

MAX_CODE_WORDS = 1 << 16
"""Largest code whose words are listed for `code_automorphisms`."""


def graph_automorphisms(graph: Any, *, colour: str | None = None) -> PermutationGroup:
    """The automorphism group of a networkx graph, directed or not, loops allowed.

    Arguments:
        graph: a networkx `Graph` or `DiGraph`; point i is the i-th node in the graph's own order.
        colour: the name of a node attribute that automorphisms must preserve (a missing one counts
            as None).

    Returns:
        A group whose labels are the nodes.

    Raises:
        ParameterError: not a networkx graph, or a multigraph.

    Complexity:
        That of BLISS: near linear in nodes and edges for most graphs.

    Source:
        Junttila and Kaski, *Engineering an efficient canonical labeling tool for large and sparse
        graphs*, 2007.

    Examples:
        >>> import networkx as nx
        >>> graph_automorphisms(nx.petersen_graph()).order
        120
        >>> graph_automorphisms(nx.cycle_graph(5, create_using=nx.DiGraph)).order
        5
    """
    if not all(hasattr(graph, a) for a in ("nodes", "edges", "is_directed", "is_multigraph")):
        raise ParameterError(
            f"graph: must be a networkx Graph or DiGraph, got {type(graph).__name__}; "
            "convert it with networkx.Graph(edges)"
        )
    if graph.is_multigraph():
        raise ParameterError(
            "graph: must not be a multigraph, got parallel edges allowed; "
            "convert it with networkx.Graph(graph)"
        )
    nodes = list(graph.nodes)
    number = {node: i for i, node in enumerate(nodes)}
    edges = [(number[u], number[v]) for u, v in graph.edges]
    colours = [graph.nodes[node].get(colour) for node in nodes] if colour else [None] * len(nodes)
    return edge_automorphisms(
        len(nodes), edges, colours=colours, directed=graph.is_directed(), labels=nodes
    )


def edge_automorphisms(
    n: int,
    edges: Sequence[tuple[int, int]],
    *,
    colours: Sequence[Hashable] | None = None,
    directed: bool = False,
    name: str | None = None,
    labels: Sequence[Any] | None = None,
) -> PermutationGroup:
    """The permutations of 0..n-1 that preserve a list of edges and the colours of the vertices.

    Arguments:
        n: number of vertices. edges: pairs of vertices, loops and repeats allowed. colours: one
            hashable value per vertex.
        directed: whether (u, v) and (v, u) differ. name, labels: passed on to the group.

    Examples:
        >>> edge_automorphisms(4, [(0, 1), (1, 2), (2, 3), (3, 0)]).order
        8
    """
    loops = {u for u, v in edges if u == v}
    keys = [(colours[i] if colours is not None else None, i in loops) for i in range(n)]
    classes: dict[Any, int] = {}
    vertex_colours = [classes.setdefault(key, len(classes)) for key in keys]
    proper = {(u, v) for u, v in edges if u != v}
    links: list[tuple[int, int]] = []
    if directed:
        # An arc becomes a path of three edges through two vertices of new colours: tail, then head.
        for k, (u, v) in enumerate(sorted(proper)):
            tail, head = n + 2 * k, n + 2 * k + 1
            links += [(u, tail), (tail, head), (head, v)]
        vertex_colours += [len(classes), len(classes) + 1] * len(proper)
    else:
        links = sorted({(min(u, v), max(u, v)) for u, v in proper})
    return _automorphisms(n, links, vertex_colours, name=name, labels=labels)


def code_automorphisms(matrix: Sequence[Sequence[int]], q: int = 2) -> PermutationGroup:
    """The permutation automorphism group of a linear code: permutations of its coordinates.

    Arguments:
        matrix: a generator matrix, rows of field elements 0..q-1 (as in `groups.finite_fields`);
            rows may be dependent. q: the field size, a prime power.

    Returns:
        A group on the coordinates 0..n-1.

    Raises:
        ParameterError: rows of different lengths, no rows, or entries outside 0..q-1.
        TooLargeError: more than `MAX_CODE_WORDS` words.

    Complexity:
        O(n·q^k) for a code of dimension k to list the words, then a graph search.

    Source:
        The words of the least weights that span the code are a set that determines it and is
        preserved by its automorphisms. They become vertices, joined to vertices (coordinate,
        non-zero symbol).

    Examples:
        >>> hamming = [
        ...     [1, 1, 0, 1, 0, 0, 0],
        ...     [0, 1, 1, 0, 1, 0, 0],
        ...     [0, 0, 1, 1, 0, 1, 0],
        ...     [0, 0, 0, 1, 1, 0, 1],
        ... ]
        >>> code_automorphisms(hamming).order
        168
    """
    prime_power(q)
    rows = [[whole_number("matrix", a, 0, q - 1) for a in row] for row in matrix]
    if not rows or len({len(row) for row in rows}) != 1:
        raise ParameterError(
            "matrix: must have at least one row and rows of one length, got lengths "
            f"{[len(r) for r in rows]}; "
            "write one row per generator"
        )
    n = len(rows[0])
    basis = _echelon_form(np.array(rows, dtype=np.int64).reshape(len(rows), n), q)
    k = len(basis)
    if q**k > MAX_CODE_WORDS:
        raise TooLargeError(
            f"matrix: at most {MAX_CODE_WORDS} words are listed, got a code of {q}^{k}; "
            "use the dual code, which has the same automorphisms"
        )
    words = _spanning_words(basis, q, n)
    symbols = sorted(set(words.ravel().tolist()) - {0})
    place = {a: i for i, a in enumerate(symbols)}
    edges = []
    # Vertices: coordinates, then (coordinate, symbol) symbol by symbol, then words.
    for i in range(n):
        edges += [(i, n + s * n + i) for s in range(len(symbols))]
    first = n + n * len(symbols)
    for w, word in enumerate(words.tolist()):
        edges += [(n + place[a] * n + i, first + w) for i, a in enumerate(word) if a]
    colours = [0] * n
    for s in range(len(symbols)):
        colours += [s + 1] * n
    colours += [len(symbols) + 1] * len(words)
    digits = [" ".join("".join(map(str, row)) for row in rows)]
    name = f"Code({q}, {digits[0]})" if q <= 9 and n else None
    return _automorphisms(n, edges, colours, name=name)


def _echelon_form(matrix: Any, q: int) -> Any:
    """Independent rows that span the row space."""
    f = field(q)
    matrix = matrix.copy()
    rank = 0
    for column in range(matrix.shape[1]):
        pivots = np.flatnonzero(matrix[rank:, column])
        if not len(pivots):
            continue
        pivot = rank + int(pivots[0])
        matrix[[rank, pivot]] = matrix[[pivot, rank]]
        matrix[rank] = f.multiply(f.inverse(matrix[rank, column]), matrix[rank])
        factors = f.negative(matrix[:, column])
        factors[rank] = 0
        matrix = f.add(matrix, f.multiply(factors[:, None], matrix[rank][None, :]))
        rank += 1
        if rank == len(matrix):
            break
    return matrix[:rank]


def _spanning_words(basis: Any, q: int, n: int) -> Any:
    """The words of weight <= w, without 0, for the least w for which they span the code."""
    f = field(q)
    words = np.zeros((q ** len(basis), n), dtype=np.int64)
    for j, coefficients in enumerate(all_vectors(len(basis), q).T):
        words = f.add(words, f.multiply(coefficients[:, None], basis[j][None, :]))
    weights = np.count_nonzero(words, axis=1)
    chosen = words[:0]
    for weight in sorted(set(weights.tolist()) - {0}):
        chosen = words[(weights > 0) & (weights <= weight)]
        if len(_echelon_form(chosen, q)) == len(basis):
            break
    return chosen


def _automorphisms(
    n: int,
    links: Sequence[tuple[int, int]],
    colours: Sequence[int],
    *,
    name: str | None = None,
    labels: Sequence[Any] | None = None,
) -> PermutationGroup:
    """Automorphisms of a coloured graph on its first n vertices, which are a union of colours."""
    import igraph

    graph = igraph.Graph(n=len(colours), edges=links)
    palette = np.array(colours, dtype=np.int64)
    ends = np.array(links, dtype=np.int64).reshape(-1, 2)
    numbers = np.sort(np.sort(ends, axis=1) @ (len(colours), 1))
    images = []
    for generator in graph.automorphism_group(color=list(colours)) if n else []:
        array = np.array(generator, dtype=np.int64)
        moved = np.sort(np.sort(array[ends], axis=1) @ (len(colours), 1))
        if not (np.array_equal(moved, numbers) and np.array_equal(palette[array], palette)):
            raise GroupsError(
                "graph: the search returned a map that is no automorphism; "
                "please report the graph and the version of igraph"
            )
        images.append(array[:n])
    return PermutationGroup(images, n, name=name, labels=labels)
