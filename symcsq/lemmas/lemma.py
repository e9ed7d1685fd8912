"""A lemma: a named statement with parameters, which builds its family and verifies it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any

from symcsq.constructions import Reference
from symcsq.errors import LemmaError
from symcsq.exact import read_tolerance
from symcsq.lemmas.parameters import Parameter
from symcsq.verifier.claims import ClaimResult
from symcsq.verifier.report import Report
from symcsq.verifier.store import Store
from symcsq.verifier.verify import Progress, verify


@dataclass(frozen=True, slots=True)
class Definition:
    """What a lemma says for any parameters.

    Arguments:
        name: as typed on the command line.
        reference: the paper's topic and the numbered statements.
        summary: the statement in one line.
        parameters: in the order in which they are shown, with defaults.
        build: makes the family from the parameters that were read.
        adjust: other defaults that go with the parameters that are given, by name.
        further: claims that a report gets besides those of its certificate.
    """

    name: str
    reference: Reference
    summary: str
    parameters: tuple[Parameter, ...]
    build: Callable[[Mapping[str, Any]], Any]
    adjust: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda given: {}
    further: Callable[[Report], tuple[ClaimResult, ...]] = lambda report: ()

    @property
    def defaults(self) -> dict[str, Any]:
        """{parameter: default}, JSON-ready."""
        return {parameter.name: parameter.default for parameter in self.parameters}

    def with_parameters(self, given: Mapping[str, Any]) -> Lemma:
        """The lemma for these parameters; the others take their defaults.

        Raises:
            LemmaError: an unknown parameter, or a value that is not of its kind.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                raise LemmaError(
                    f"{name}: must be a parameter of {self.name} ({', '.join(known)}), "
                    f'got {name}={given[name]!r}; see "symcsq lemmas"'
                )
        values = {name: known[name].read(name, value) for name, value in given.items()}
        defaults = {**self.defaults, **self.adjust(values)}
        values = {
            name: values[name] if name in values else parameter.read(name, defaults[name])
            for name, parameter in known.items()
        }
        return Lemma(self, values)


@dataclass(frozen=True, slots=True)
class Lemma:
    """A lemma with its parameters, ready to be verified.

    Examples:
        >>> from symcsq.lemmas import lemma
        >>> chosen = lemma("parity-networks", n=8, m="2")
        >>> chosen.name, chosen.parameters["m"], str(chosen.reference)[:12]
        ('parity-networks', 2, 'Goel, Gollak')
        >>> chosen.verify().holds
        True
    """

    definition: Definition
    values: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The lemma's name, as on the command line."""
        return self.definition.name

    @property
    def reference(self) -> Reference:
        """The paper's topic and the numbered statements."""
        return self.definition.reference

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters that differ from "absent", JSON-ready."""
        return {
            name: value
            if isinstance(value, bool | int | str)
            else [list(row) for row in value]
            if name in ("representatives", "subsets")
            else str(getattr(value, "name", None) or value)
            for name, value in self.values.items()
            if value is not None and value is not False
        }

    def family(self) -> Any:
        """The family of functions that the lemma is about.

        Raises:
            ValueError: parameters outside the lemma's range, in one line.
        """
        return self.definition.build(self.values)

    def verify(
        self,
        *,
        executor: Executor | None = None,
        store: Store | str | os.PathLike[str] | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Build the family and check every claim; see `symcsq.verify`."""
        # Before the family is built, which may be long work.
        tolerance = read_tolerance(self.values["tolerance"])
        report = verify(
            self.family(),
            tolerance=tolerance,
            executor=executor,
            store=store,
            progress=progress,
        )
        return replace(report, claims=report.claims + self.definition.further(report))

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self.parameters.items())
        return f"lemma({self.name!r}, {inside})"
