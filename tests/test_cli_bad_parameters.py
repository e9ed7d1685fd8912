"""Bad parameters of every lemma: exit code 2 and one clear line, before any work starts."""

from __future__ import annotations

import time
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from symcsq.lemmas import registry

# A lemma and what is set: one of the values is outside its range, or does not fit the others.
CASES = [
    "rotation-networks n=5",
    "rotation-networks n=0",
    "rotation-networks n=-2",
    "rotation-networks n=1000000",
    "rotation-networks count=0",
    "rotation-networks count=99999999",
    "rotation-networks n=4 count=50",
    "rotation-networks power=0",
    "rotation-networks power=-1",
    "rotation-networks power=1000000",
    "rotation-networks power=200 activation=relu",
    "rotation-networks activation=tanh",
    "rotation-networks activation=",
    "rotation-networks structure=foo",
    "rotation-networks structure=hadamard n=12",
    "rotation-networks structure=planes count=99",
    "rotation-networks seed=x",
    "rotation-networks tolerance=2",
    "rotation-networks tolerance=0",
    "convolutional-networks group=Q5x",
    "convolutional-networks columns=0",
    "convolutional-networks columns=100000000",
    "convolutional-networks group=S20",
    "convolutional-networks filters=foo",
    "convolutional-networks power=0",
    "convolutional-networks activation=tanh",
    "convolutional-networks count=0",
    "graph-feature-networks graph=foo",
    "graph-feature-networks graph=",
    "graph-feature-networks graph=[[1,0]]",
    "graph-feature-networks graph=[[0.5]]",
    "graph-feature-networks features=5",
    "graph-feature-networks features=0",
    "graph-feature-networks power=0",
    "graph-feature-networks activation=tanh",
    "graph-feature-networks graph=path100000",
    "graph-feature-networks graph=cycle(100000)",
    "degree-parity-networks p=0",
    "degree-parity-networks p=1",
    "degree-parity-networks p=3/2",
    "degree-parity-networks p=-1/2",
    "degree-parity-networks p=half",
    "degree-parity-networks n=1",
    "degree-parity-networks n=21",
    "degree-parity-networks n=100",
    "degree-parity-networks subsets=9",
    "degree-parity-networks subsets=1,1",
    "frame-averaged group=C5 m=9",
    "frame-averaged frame=foo",
    "frame-averaged frame=sorting distribution=gaussian",
    "frame-averaged frame=minimal-image group=C30 distribution=finite(-2,-1,1,2)",
    "frame-averaged activation=tanh",
    "finite-frame-averages distribution=gaussian",
    "finite-frame-averages frame=foo",
    "finite-frame-averages m=99",
    "finite-frame-averages activation=tanh",
    "sparse-invariant-polynomials terms=0",
    "sparse-invariant-polynomials terms=999",
    "sparse-invariant-polynomials size=0",
    "sparse-invariant-polynomials size=99999999",
    "sparse-invariant-polynomials distribution=sphere",
    "independent-invariants blocks=0",
    "independent-invariants k=99",
    "independent-invariants degree=0",
    "independent-invariants distribution=slice(1)",
    "semi-invariant-polynomials character=foo",
    "semi-invariant-polynomials character=1,2,3",
    "sphere-invariant-polynomials degree=-1",
    "sphere-invariant-polynomials group=C0",
    "slice-invariant-polynomials ones=99",
    "slice-invariant-polynomials ones=-1",
    "growing-basis distribution=rademacher",
    "growing-basis degree=0",
    "growing-basis distribution=slice(1)",
    "growing-basis terms=0",
    "parity-networks m=99",
    "parity-networks n=2000000",
    "invariant-polynomials distribution=cauchy",
    "invariant-polynomials distribution=bernoulli(0)",
    "invariant-polynomials distribution=bernoulli(3/2)",
    "invariant-polynomials representatives=1,1",
]


@pytest.mark.parametrize("case", CASES)
def test_refused_in_one_line(case: str, command_here: Callable[..., CompletedProcess[str]]) -> None:
    name, *settings = case.split(" ")
    words = [word for setting in settings for word in ("--set", setting)]
    started = time.process_time()
    done = command_here("verify", name, *words)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.startswith("symcsq: ") and done.stderr.count("\n") == 1
    assert ": " in done.stderr and "; " in done.stderr and "a fault of" not in done.stderr
    assert time.process_time() - started < 3


def test_every_lemma_has_cases() -> None:
    assert {case.split(" ")[0] for case in CASES} >= set(registry())
