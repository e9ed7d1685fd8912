"""Lemmas on degree parities, frames that look at the point, and Growing-Basis."""

from __future__ import annotations

from typing import Any

import pytest

import symcsq as cs
from symcsq.constructions import DegreeParityNetworks, FiniteFrameAverages, FrameAveraged
from symcsq.errors import LemmaError
from symcsq.lemmas import graph_and_frame_lemmas, lemma, registry
from symcsq.lemmas.graph_and_frame_lemmas import SUITE, growing_basis


@pytest.mark.parametrize(
    ("name", "parameters"), [row for row in SUITE if row[0] != "growing-basis"], ids=str
)
def test_the_rows_of_the_suite(name: str, parameters: dict[str, Any]) -> None:
    report = lemma(name, **parameters).verify()
    assert report.holds
    checked = cs.check(report.certificate.text.encode())
    assert checked.holds, checked.failures


def test_other_frames_have_other_defaults() -> None:
    assert registry()["frame-averaged"].defaults["group"] == "C16"
    plain = lemma("frame-averaged")
    assert isinstance(plain.family(), FrameAveraged) and "distribution" not in plain.parameters
    sorting = lemma("frame-averaged", frame="absolute-sorting")
    assert sorting.parameters["group"] == "S12" and sorting.parameters["m"] == 2
    assert isinstance(sorting.family(), FiniteFrameAverages)
    assert lemma("frame-averaged", frame="sorting", group="S3").family().networks.n == 3
    same = lemma("finite-frame-averages", frame="minimal-image").family()
    assert repr(same) == repr(lemma("frame-averaged", frame="minimal-image").family())
    # Reynolds averages have a law with finite support too, when one is named.
    finite = lemma("frame-averaged", group="C4", m=2, distribution="finite(-1,2)").family()
    assert isinstance(finite, FiniteFrameAverages) and finite.frame.name == "reynolds"


def test_text_as_on_the_command_line() -> None:
    family = lemma("degree-parity-networks", n="6", p="0.25", subsets="2;1,3").family()
    assert isinstance(family, DegreeParityNetworks)
    assert (family.n, str(family.p), family.subset(1)) == (6, "1/4", (1, 3))


@pytest.mark.parametrize(
    ("name", "parameters", "words"),
    [
        ("frame-averaged", {"frame": "sorting", "group": "C4"}, "got 'C4'; write group=S4"),
        ("frame-averaged", {"frame": "sorting", "distribution": "gaussian"}, "finite support"),
        ("frame-averaged", {"distribution": "uniform"}, "or a law with finite support"),
        ("degree-parity-networks", {"n": "21"}, "n: must be between 2 and 20, got 21"),
        ("degree-parity-networks", {"p": "1"}, "strictly between 0 and 1"),
        ("growing-basis", {"distribution": "rademacher"}, "distribution: queries of f² need"),
        ("growing-basis", {"degree": 0}, "degree: must be between 1 and 20, got 0"),
    ],
)
def test_bad_parameters_are_one_line(name: str, parameters: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        lemma(name, **parameters).verify()
    assert "\n" not in str(caught.value)


def test_growing_basis_next_to_the_bound() -> None:
    """Few statistical queries find what many correlational ones are needed for."""
    chosen = lemma("growing-basis", group="C9", degree=4, terms=1, size=55, tolerance="1/2")
    report = chosen.verify()
    assert report.holds
    assert report["recovered"].record == {"members": "20"}
    queries = report["queries"].record
    assert int(queries["most"]) <= int(queries["limit"]) == 1 * (9 * 5 + 1) + 1
    assert queries["correlational"] == report["csq-bound"].record["queries"] == "13"
    # They are claims of the report, not of the certificate.
    types = [claim["type"] for claim in report.certificate.body["claims"]]
    assert types[-1] == "csq-bound" and "recovered" not in types
    assert cs.check(report.certificate.text.encode()).holds


def test_few_members_are_all_recovered() -> None:
    report = lemma("growing-basis", group="C5", degree=2, terms=1, size=3).verify()
    assert report["recovered"].record == {"members": "3"}


def test_a_wrong_recovery_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    def doubled(target: Any) -> Any:
        found = growing_basis(target)
        return type(found)(2 * found.function, found.found, found.queries)

    monkeypatch.setattr(graph_and_frame_lemmas, "growing_basis", doubled)
    report = lemma("growing-basis", group="C5", degree=2, terms=1, size=3).verify()
    assert report["recovered"].status == "refuted" and not report.holds
    assert report["recovered"].witness == {"member": 0}
    assert report["queries"].record == {"needs": "recovered"}


def test_unknown_parameters() -> None:
    with pytest.raises(LemmaError, match="frames: must be a parameter of frame-averaged"):
        lemma("frame-averaged", frames="sorting")
