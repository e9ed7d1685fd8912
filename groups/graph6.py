"""Graphs as lines of printable characters: the graph6 format of McKay's nauty.

The number n of vertices comes first, as one character up to 62 and as ``~`` and three characters
up to 258,047; then the upper triangle of the adjacency matrix, column by column, six bits to a
character. Characters are 63 plus a number below 64.
"""

from __future__ import annotations

from groups.errors import GroupsError


class Graph6Error(GroupsError):
    """Text that is not graph6: what was expected, and at which position (counted from 0)."""

    def __init__(self, expected: str, position: int) -> None:
        super().__init__(
            f"graph6: expected {expected} at position {position}; "
            "write a line as nauty or networkx.to_graph6_bytes make them"
        )
        self.expected, self.position = expected, position


def decode_graph6(text: str) -> tuple[int, tuple[tuple[int, int], ...]]:
    """Read a graph6 line without a header.

    Arguments:
        text: the characters.

    Returns:
        The number of vertices and the edges (i, j) with i < j, ordered by j, then i.

    Raises:
        Graph6Error: wrong characters, a wrong number of them, or padding that is not zero.

    Complexity:
        O(n²).

    Source:
        McKay, *Description of graph6, sparse6 and digraph6 encodings*.

    Examples:
        >>> decode_graph6("Bw")  # a triangle
        (3, ((0, 1), (0, 2), (1, 2)))
        >>> decode_graph6("C")
        Traceback (most recent call last):
        ...
        groups.graph6.Graph6Error: graph6: expected 2 characters of graph6 for 4 vertices at
        position 0; ...
    """
    for i, character in enumerate(text):
        if not "?" <= character <= "~":
            raise Graph6Error("a graph6 string, characters from '?' to '~',", i)
    values = [ord(character) - 63 for character in text]
    long = values[:1] == [63]
    if not values or (long and (len(values) < 4 or values[1] == 63)):
        raise Graph6Error("a graph6 string of at most 258047 vertices", 0)
    n = values[1] << 12 | values[2] << 6 | values[3] if long else values[0]
    header = 4 if long else 1
    pairs = n * (n - 1) // 2
    wanted = header + -(-pairs // 6)
    if len(values) != wanted:
        raise Graph6Error(f"{wanted} characters of graph6 for {n} vertices", 0)
    bits = [value >> shift & 1 for value in values[header:] for shift in range(5, -1, -1)]
    if any(bits[pairs:]):
        raise Graph6Error("graph6 that ends in zero bits", len(text) - 1)
    edges: list[tuple[int, int]] = []
    for j in range(1, n):
        start = j * (j - 1) // 2
        edges += [(i, j) for i in range(j) if bits[start + i]]
    return n, tuple(edges)
