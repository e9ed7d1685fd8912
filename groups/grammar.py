"""The names and operators of group expressions, ready to be printed."""

from __future__ import annotations

from groups.catalogue import ENTRIES


def _grammar() -> str:
    lines = ["Names (upper and lower case do not matter, S6 and S(6) are the same):"]
    for entry in ENTRIES:
        spellings = ", ".join([entry.pattern, *entry.aliases])
        lines.append(f"  {spellings:<20} {entry.summary}")
    lines += [
        "  Aut(graph6)          automorphisms of a graph",
        "  Code(q, rows)        coordinate permutations of a code, as in Code(2, 1110 0111)",
        "  (1,2,3)(4,5), (1,2)  the group that permutations generate, points from 1;",
        "                       <(1,2,3)> degree 5 adds fixed points",
        "  file.json            a group file; in double quotes when the path has blanks",
        "Operators, from tight to loose:",
        "  G wr H               imprimitive wreath product",
        "  G x H                direct product on consecutive blocks of points",
        "  G on ACTION          everything to the left, in another action:",
        "                       pairs, ordered pairs, subsets(k), tuples(k), rows(columns),",
        "                       exponents(degree), exponents(degree, bound), cosets(H), "
        "elements, points",
        "Brackets group.",
    ]
    return "\n".join(lines)


GRAMMAR = _grammar()
"""The help text: one line for each name and operator, at most 100 columns wide."""
