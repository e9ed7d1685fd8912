"""Inputs for every reader, deterministic from a seed: sentences of its grammar, then damage.

A maker takes a random source and returns one input. Most inputs come from a grammar that is wider
than the reader's: right in form with wrong or huge numbers, or with one word too many. The rest are
valid inputs with characters changed, and noise.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

from groups.catalogue import ENTRIES

Maker = Callable[[Random], Any]

NOISE = (
    "()[]<>{},.;:!?\"'\\/|^*+-=~_@#$%& \t\n\r\x00\x0b\x1c\x85\xa0\u2003\ufeff"
    "0123456789abcxyzABCXYZ\u0663\uff11\u00b2\u2460\u0130\u0131\u00df\u0393\u03b3\u2240\u00d7"
    "\U0001f600\ud800\u202e\u0301"
)
LENGTHS = (13, 300, 3_900, 5_000)  # of long numbers
HUGE = (0, 1, 2, 255, 256, 4096, 20_000, 20_001, 10**6, 2**31, 2**63, 10**12 - 1, 10**12, 10**30)


def number(source: Random) -> str:
    """Mostly small; sometimes at a limit, long, or written oddly."""
    chance = source.random()
    if chance < 0.86:
        return str(source.randint(0, 9))
    if chance < 0.94:
        return str(source.randint(10, 60))
    if chance < 0.98:
        return str(source.choice(HUGE))
    return source.choice(
        ("007", "-1", "+3", "1.5", "1e5", "1_0", "\u0663", "\uff17", "9" * source.choice(LENGTHS))
    )


def noise(source: Random) -> str:
    """Characters that readers may stumble over."""
    return "".join(source.choices(NOISE, k=source.randint(0, 30)))


def damaged(text: str, source: Random) -> str:
    """One to three small changes."""
    for _ in range(source.randint(1, 3)):
        i = source.randint(0, len(text))
        j = min(len(text), i + source.randint(0, 6))
        text = source.choice(
            (
                text[:i] + source.choice(NOISE) + text[i:],
                text[:i] + text[j:],
                text[:j] + text[i:],
                text[:i] + text[i:j] * source.choice((2, 3, 400)) + text[j:],
                text[:i] + text[i:j].swapcase() + text[j:],
                text[:i],
                text[i:] + text[:i],
            )
        )
    return text


def with_damage(maker: Maker) -> Maker:
    """Sentences, damaged sentences and noise."""

    def make(source: Random) -> str:
        chance = source.random()
        if chance < 0.05:
            return noise(source)
        text: str = maker(source)
        return text if chance < 0.6 else damaged(text, source)

    return make


# -------------------------------------------------------------------------------- group expressions


def cycles(source: Random) -> str:
    """A permutation as cycles; points may repeat, be 0 or too large, and be separated oddly."""
    most = source.choice((3, 6, 9, 12, 40))
    points = list(range(1, most + 1))
    source.shuffle(points)
    parts = []
    for _ in range(source.randint(0, 3)):
        length = source.randint(0, 4)
        chosen, points = [str(p) for p in points[:length]], points[length:]
        if source.random() < 0.06:
            chosen.append(number(source))
        parts.append(f"({source.choice((',', ', ', ' ', '  ', ',,')).join(chosen)})")
    return source.choice(("", " ")).join(parts) or "()"


def name(source: Random) -> str:
    """An entry of the catalogue, by any of its names, with the right or wrong parameters."""
    entry = source.choice(ENTRIES)
    word = source.choice((entry.name, *entry.aliases))
    if source.random() < 0.2:
        word = source.choice((word.lower(), word.upper(), word.swapcase(), word + "_"))
    count = len(entry.parameters)
    if entry.parameters[-1:] == ("\u2026",):
        count = source.randint(1, 4)
    if source.random() < 0.03:
        count += source.choice((-1, 1))
    numbers = [number(source) for _ in range(count)]
    if len(numbers) == 1 and source.random() < 0.7:
        return word + numbers[0]
    return f"{word}({','.join(numbers)})" if numbers else word


def graph6(source: Random) -> str:
    """A graph6 line of a small graph, sometimes with the long header."""
    n = source.choice((0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 62, 63, 64))
    pairs = n * (n - 1) // 2
    density = source.choice((0.0, 0.1, 0.5, 1.0))
    bits = [int(source.random() < density) for _ in range(pairs)]
    bits += [0] * (-pairs % 6)
    values = [n] if n < 63 and source.random() < 0.95 else [63, n >> 12, n >> 6 & 63, n & 63]
    for i in range(0, len(bits), 6):
        values.append(int("".join(map(str, bits[i : i + 6])), 2))
    return "".join(chr(63 + value) for value in values)


def code(source: Random) -> str:
    """A linear code by rows."""
    q = source.choice((2, 2, 2, 3, 4, 5, 7, 8, 9, 6, 10, 0))
    length = source.randint(1, 8)
    rows = [
        "".join(str(source.randint(0, max(q - 1, 0)) % 10) for _ in range(length))
        for _ in range(source.randint(1, 4))
    ]
    return f"Code({q}, {' '.join(rows)})"


def atom(source: Random, depth: int) -> str:
    """What an operator takes."""
    chance = source.random()
    if depth > 0 and chance < 0.25:
        return f"({expression(source, depth - 1)})"
    if chance < 0.75:
        return name(source)
    if chance < 0.87:
        generators = ", ".join(cycles(source) for _ in range(source.randint(1, 3)))
        text = f"<{generators}>" if source.random() < 0.6 else generators
        return text + (f" degree {number(source)}" if source.random() < 0.4 else "")
    if chance < 0.93:
        return f"Aut({graph6(source)})"
    if chance < 0.98:
        return code(source)
    return source.choice(("no such file.json", '"no such file.json"', '"', ".json", "/dev/null"))


def action(source: Random, depth: int) -> str:
    """What follows "on"."""
    small = source.choice(("0", "1", "2", "2", "3", number(source)))
    return source.choice(
        (
            "pairs",
            "ordered pairs",
            f"subsets({small})",
            f"tuples({small})",
            f"rows({small})",
            f"exponents({small})",
            f"exponents({small}, {number(source)})",
            f"cosets({expression(source, min(depth, 1) - 1) if depth > 0 else name(source)})",
            "elements",
            "points",
            "nothing",
        )
    )


def expression(source: Random, depth: int = 2) -> str:
    """A group expression of a few operators."""
    text = atom(source, depth)
    for _ in range(source.choice((0, 0, 0, 1, 1, 2))):
        operator = source.choice((" x ", " wr ", " on ", "\u00d7", "\u2240", " X ", "  WR\t", " "))
        right = action(source, depth) if operator == " on " else atom(source, depth)
        text += operator + right
    if source.random() < 0.01:
        deep = source.choice((10, 49, 50, 51, 2_000))
        text = "(" * deep + text + ")" * deep
    if source.random() < 0.005:
        text += source.choice((" x C2", " wr C2", " on points")) * source.choice((3, 60, 1_500))
    return text


# -------------------------------------------------------------------------------------- group files


def value(source: Random, depth: int = 2) -> Any:
    """Any JSON value."""
    kinds = 9 if depth else 7
    return (
        lambda: None,
        lambda: source.random() < 0.5,
        lambda: source.choice(HUGE) * source.choice((1, -1)),
        lambda: source.randint(0, 5),
        lambda: source.random(),
        lambda: source.choice((float("nan"), float("inf"), 1e300, -0.0)),
        lambda: number(source),
        lambda: [value(source, depth - 1) for _ in range(source.randint(0, 3))],
        lambda: {noise(source)[:5]: value(source, depth - 1) for _ in range(source.randint(0, 2))},
    )[source.randrange(kinds)]()


def group_file(source: Random) -> str:
    """A group file, right or with one part replaced."""
    degree = source.randint(0, 8)
    generators = [source.sample(range(degree), degree) for _ in range(source.randint(0, 3))]
    body: dict[str, Any] = {"degree": degree, "generators": generators}
    if source.random() < 0.3:
        body["name"] = source.choice(("C3", "", "a\nb", "\u202e", noise(source), 3, None))
    chance = source.random()
    if chance < 0.15:
        body[source.choice(("degree", "generators", "name", "extra"))] = value(source)
    elif chance < 0.3 and generators and degree:
        generators[0][source.randrange(degree)] = value(source)
    elif chance < 0.35:
        generators.append(value(source))
    elif chance < 0.4:
        del body[source.choice(("degree", "generators"))]
    elif chance < 0.42:
        return json.dumps(value(source, 3))
    elif chance < 0.43:
        deep = source.choice((50, 5_000, 200_000))
        return source.choice(("[" * deep, "[" * deep + "]" * deep, '{"degree":' * deep))
    text = json.dumps(body, ensure_ascii=source.random() < 0.5)
    if chance > 0.97:
        text = text.replace("degree", "generators", 1)
    return text


# ------------------------------------------------------------------------------------ distributions


def rational(source: Random) -> str:
    """A number as people write it."""
    chance = source.random()
    if chance < 0.5:
        return str(source.randint(-5, 5))
    if chance < 0.85:
        return f"{source.randint(-9, 9)}/{source.randint(0, 9)}"
    if chance < 0.92:
        return source.choice(("0.25", "-.5", "1.", "1e3", "1e-3", "1e9", "1e99999", " 1 / 3 ", ""))
    return source.choice((f"{number(source)}/{number(source)}", "7" * source.choice(LENGTHS)))


def distribution(source: Random) -> str:
    """A product of laws, or a law that stands alone."""
    factors = []
    for _ in range(source.choice((1, 1, 1, 2, 3))):
        word = source.choice(
            "gaussian rademacher uniform bernoulli finite weighted moments sphere slice "
            "erdos-renyi Gaussian gausian".split()
        )
        count = {"bernoulli": 1, "sphere": 1, "slice": 2, "erdos-renyi": 2}.get(word, 0)
        if word in ("finite", "moments"):
            count = source.randint(0, 6)
        if word == "weighted":
            points = source.randint(1, 4)
            pairs = [f"{k},1/{points}" for k in range(points)]
            numbers = [*pairs, *([rational(source)] if source.random() < 0.2 else [])]
        elif word == "moments" and source.random() < 0.5:
            numbers = "1,0,1,0,3,0,15".split(",")[: source.randint(1, 7)]
        elif word in ("sphere", "slice", "erdos-renyi") and source.random() < 0.8:
            numbers = [str(source.randint(0, 9)) for _ in range(count)]
        else:
            numbers = [rational(source) for _ in range(count + source.choice((0, 0, 0, 0, 1)))]
        text = f"{word}({','.join(numbers)})" if numbers or source.random() < 0.1 else word
        if source.random() < 0.3:
            text += f"^{number(source)}"
        factors.append(text)
    return source.choice((" x ", "x", "\u00d7", " X ")).join(factors)


def cyclotomic(source: Random) -> str:
    """A sum of roots of unity."""
    terms = []
    for _ in range(source.randint(1, 4)):
        root = f"E({number(source)})" + (f"^{number(source)}" if source.random() < 0.5 else "")
        factor = source.choice((number(source), rational(source), "-", "2"))
        terms.append(source.choice((root, factor, f"{factor}*{root}")))
    return source.choice(("+", " - ", "-")).join(terms)


def gap_group(source: Random) -> str:
    """Generators as GAP prints them."""
    inside = ", ".join(cycles(source) for _ in range(source.randint(0, 3)))
    return source.choice(("Group([ {} ])", "Group({})", "[{}]", "{};", "Group( ({}) )")).format(
        inside
    )


# --------------------------------------------------------------------------------- lemma parameters


def integers(source: Random) -> str:
    """Rows of integers in one of the two notations."""
    rows = [
        [source.randint(0, 5) for _ in range(source.randint(0, 4))]
        for _ in range(source.randint(1, 3))
    ]
    if source.random() < 0.5:
        return json.dumps(rows)
    return ";".join(",".join(map(str, row)) for row in rows)


def coefficients(source: Random) -> str:
    """An activation: a name or a polynomial."""
    if source.random() < 0.5:
        return source.choice(("relu", "abs", "sign", "erf", "ReLU", "tanh", ""))
    return ",".join(rational(source) for _ in range(source.randint(1, 5)))


SMALL_GROUPS = (
    "C1 C2 C3 C5 C8 D4 D6 S1 S3 S4 A4 A5 V4 Q8 B2 B3 Trivial3 Trivial(0) Young(2,3) PSL(2,3) "
    "AGL(1,5) Torus(2,3) (1,2,3)(4,5) (1,2)degree5 <()>degree3 C2xC3 S2wrS3 Aut(Bw) Code(2,110) "
    "s_4 (C4 C0 S0 M 3 C-1 C4,C4"
).split()


def parameter_text(word: str, source: Random) -> Any:
    """A value for a parameter of this name; sometimes of another kind altogether."""
    chance = source.random()
    if chance < 0.04:
        return noise(source)
    if chance < 0.08:
        return value(source)
    if word == "group":  # families are built, so most groups are small
        return source.choice(SMALL_GROUPS) if chance < 0.97 else damaged("S3 wr C2", source)
    if word == "distribution":
        return distribution(source)
    if word == "activation":
        return coefficients(source)
    if word == "tolerance":
        return rational(source)
    if word in ("multilinear",):
        return source.choice(("true", "no", "1", "maybe", True))
    if word in ("representatives", "subsets"):
        return integers(source)
    if word == "frame":
        return source.choice(("reynolds", "Reynolds", "sorting", "transversal"))
    return source.choice((number(source), source.randint(0, 6), integers(source)))
