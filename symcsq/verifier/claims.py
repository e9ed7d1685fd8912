"""A claim as a value: what was said, how it ended, and what shows it.

Every claim ends in one status of MATH.md section 5. `proved` is an exact identity or a finite exact
computation, `enclosed` is rigorous ball arithmetic with rational endpoints, `tested` is a search
that found no counterexample (never a proof), `refuted` carries its witness, and `undecided` means
that a claim it rests on failed, which is then named.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from symcsq.errors import PrecisionError, VerificationError
from symcsq.exact import in_short

Status = Literal["proved", "enclosed", "tested", "refuted", "undecided"]

#: The statuses under which a claim counts as holding.
HOLDING: frozenset[str] = frozenset({"proved", "enclosed", "tested"})


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """One claim and how it ended.

    Arguments:
        type: the name of the claim in certificates, such as "invariance".
        statement: the claim in words, for people.
        status: one of the five statuses.
        value: what was found, in words, for people ("" when there is nothing to add).
        witness: the data that refute the claim (a dict of JSON-ready values), else None.
        seconds: time spent on this claim; not part of its identity.
        record: the fields of the claim's entry in the certificate, besides type, status and
            witness.

    Raises:
        VerificationError: a refuted claim without a witness, or a witness without a refuted claim.

    Examples:
        >>> claim = ClaimResult(
        ...     "size", "size of the class", "proved", "1820", record={"value": "1820"}
        ... )
        >>> claim.holds, claim.entry()
        (True, {'type': 'size', 'status': 'proved', 'value': '1820'})
    """

    type: str
    statement: str
    status: Status
    value: str = ""
    witness: Mapping[str, Any] | None = None
    seconds: float = field(default=0.0, compare=False)
    record: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.status == "refuted") != (self.witness is not None):
            raise VerificationError(
                f"witness: a claim is refuted exactly when it has a witness, got status "
                f"{self.status!r} and witness {self.witness!r} for {self.type!r}; give both "
                "or neither"
            )

    @property
    def holds(self) -> bool:
        """Whether the claim is proved, enclosed or tested."""
        return self.status in HOLDING

    @property
    def exact(self) -> dict[str, str | int]:
        """The single numbers of the record, exactly: rationals as strings, no lists of values.

        Examples:
            >>> import symcsq as cs
            >>> cs.verify(cs.ParityNetworks(3, 2, [0, 0, 1]))["norm"].exact
            {'lower': '16', 'upper': '16', 'digits': 30}
        """
        return {
            name: value
            for name, value in self.record.items()
            if isinstance(value, str | int) and name not in ("needs", "form")
        }

    def entry(self) -> dict[str, Any]:
        """The claim as the certificate stores it."""
        entry: dict[str, Any] = {"type": self.type, "status": self.status, **self.record}
        if self.witness is not None:
            entry["witness"] = dict(self.witness)
        return entry

    def __str__(self) -> str:
        tail = f": {self.value}" if self.value else ""
        return f"{self.statement}: {self.status}{tail}"


class ClaimLog:
    """The claims of one verification in order, with their dependencies and times.

    A check is a function that returns a ClaimResult; `add` runs it, unless a claim it needs does
    not hold: then the claim is recorded as undecided and names the first such claim. A check that
    ends in a PrecisionError leaves the claim undecided too; it needs "precision".

    Examples:
        >>> log = ClaimLog()
        >>> _ = log.add(
        ...     "norm",
        ...     "no member is zero",
        ...     lambda: ClaimResult(
        ...         "norm",
        ...         "no member is zero",
        ...         "refuted",
        ...         witness={"member": 0, "norm_squared": "0"},
        ...     ),
        ... )
        >>> log.add("csq-bound", "a learner needs many queries", None, needs=("norm",)).record
        {'needs': 'norm'}
    """

    def __init__(self, progress: Callable[[str, int, int], None] | None = None, total: int = 0):
        self._claims: dict[str, ClaimResult] = {}
        self._progress = progress
        self._total = total

    def __iter__(self) -> Iterator[ClaimResult]:
        return iter(self._claims.values())

    def __getitem__(self, claim_type: str) -> ClaimResult:
        return self._claims[claim_type]

    def announce(self, step: str) -> None:
        """Tell the progress callback what is being done."""
        if self._progress is not None:
            self._progress(step, len(self._claims), self._total)

    def announce_part(self, step: str, done: int, total: int) -> None:
        """Tell the progress callback how far one claim is."""
        self.announce(f"{step}: {done} of {total}" if total else f"{step}: {done}")

    def amend(self, result: ClaimResult) -> None:
        """Put a result in the place of the one that was recorded under its type."""
        self._claims[result.type] = result

    def failing(self, claim_types: Iterable[str]) -> str | None:
        """The first of these claims that was made and does not hold."""
        for claim_type in claim_types:
            if claim_type in self._claims and not self._claims[claim_type].holds:
                return claim_type
        return None

    def add(
        self,
        claim_type: str,
        statement: str,
        check: Callable[[], ClaimResult] | None,
        *,
        needs: tuple[str, ...] = (),
        keep: Mapping[str, Any] | None = None,
    ) -> ClaimResult:
        """Run a check and record its claim.

        Arguments:
            claim_type, statement: see ClaimResult.
            check: the check; it is not called when a needed claim failed.
            needs: types of the claims that this one rests on, most basic first.
            keep: fields of the record that an undecided claim keeps.
        """
        self.announce(claim_type)
        started = time.perf_counter()
        failed = self.failing(needs)
        if failed is None and check is not None:
            try:
                result = check()
            except PrecisionError as limit:
                # A number that no precision tells from a decimal: neither proved nor refuted.
                result = ClaimResult(
                    claim_type,
                    statement,
                    "undecided",
                    f"needs precision: {limit}",
                    record={**(keep or {}), "needs": "precision"},
                )
        else:
            result = ClaimResult(
                claim_type,
                statement,
                "undecided",
                f"needs {failed}",
                record={**(keep or {}), "needs": failed},
            )
        seconds = time.perf_counter() - started
        timed = ClaimResult(
            claim_type,
            statement,
            result.status,
            result.value,
            result.witness,
            seconds,
            result.record,
        )
        self._claims[claim_type] = timed
        return timed


def exact_text(number: Fraction | int) -> str:
    """An exact number as certificates write it: "12" or "-3/7", in lowest terms.

    Examples:
        >>> exact_text(Fraction(6, 4)), exact_text(12)
        ('3/2', '12')
    """
    try:
        return str(int(number) if number.denominator == 1 else number)
    except ValueError:  # Python writes no integer of so many digits
        raise VerificationError(
            f"certificate: would hold {in_short(Fraction(number))}, and Python writes 4300; choose "
            "shorter numbers"
        ) from None
