"""Group files: what is written can be read, and every way to be wrong has its own message."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import PermutationGroup, expressions, group
from groups.errors import GroupFileError, GroupsError, TooLargeError
from groups.files import load_group, save_group


@given(n=st.integers(0, 6), data=st.data())
def test_round_trip(n: int, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    generators = data.draw(st.lists(st.permutations(range(n)), max_size=3))
    name = data.draw(st.none() | st.text(max_size=8))
    G = PermutationGroup(generators, n, name=name)
    path = tmp_path_factory.getbasetemp() / "round.json"
    save_group(G, path)
    H = load_group(path)
    assert (H.degree, H.generators, H.name) == (n, G.generators, name)
    assert json.loads(path.read_text("utf-8"))["generators"] == [
        g.images.tolist() for g in G.generators
    ]


def test_named_groups_survive(tmp_path: Path) -> None:
    for text in ("M11", "S4 wr S3", "Trivial(0)", "S6 on pairs"):
        path = tmp_path / "g.json"
        save_group(group(text), path)
        assert load_group(path) == group(text) and load_group(path).name == text


def test_in_expressions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my group.json").write_text('{"degree": 3, "generators": [[1, 2, 0]]}')
    (tmp_path / "c3.json").write_text('{"degree": 3, "generators": [[1, 2, 0]]}')
    assert group("c3.json").name == "c3.json" and group("c3.json").order == 3
    assert group("my group.json").name == '"my group.json"'
    assert group('"my group.json" x C2').name == '("my group.json") x C2'
    for text in ("c3.json wr S2", "C2 x c3.json", "(c3.json) on pairs", "S3 on cosets(c3.json)"):
        G = group(text)
        assert G.name is not None and group(G.name) == G
    assert group(tmp_path / "c3.json").order == 3
    assert group(f"{tmp_path}/c3.json").order == 3


BAD = [
    ("", "must be JSON, got Expecting value at line 1, column 1"),
    ("{", "must be JSON"),
    ("[]", "must be a JSON object, got a list"),
    ("3", "must be a JSON object, got a number"),
    ("null", "must be a JSON object, got a null"),
    ('"x"', "must be a JSON object, got a text"),
    ("{}", "the key 'degree' is missing"),
    ('{"degree": 3}', "the key 'generators' is missing"),
    ('{"degree": 3, "generators": [], "order": 3}', "the keys are degree, generators, name, got"),
    ('{"degree": 3, "degree": 3, "generators": []}', "the key 'degree' occurs twice"),
    ('{"degree": -1, "generators": []}', "degree must be an integer >= 0, got -1"),
    ('{"degree": 3.0, "generators": []}', "degree must be an integer >= 0, got 3.0"),
    ('{"degree": true, "generators": []}', "degree must be an integer >= 0, got True"),
    ('{"degree": "3", "generators": []}', "degree must be an integer >= 0, got '3'"),
    ('{"degree": 3, "generators": {}}', "generators must be a list of image lists, got {}"),
    ('{"degree": 3, "generators": [0, 1, 2]}', r"generators must be a list of image lists"),
    ('{"degree": 3, "generators": ["(1,2)"]}', r"generators must be a list of image lists"),
    ('{"degree": 3, "generators": [[1, 0]]}', r"generators\[0\]: must have 3 images, .* got 2"),
    ('{"degree": 2, "generators": [[0, 1], [0, 0]]}', r"\[1\]\[1\]: every point .* got 0 again"),
    ('{"degree": 2, "generators": [[1, 2]]}', r"generators\[0\]\[1\]: .* in 0..1, got 2"),
    ('{"degree": 2, "generators": [[-1, 0]]}', r"\[0\]\[0\]: .* in 0..1, got -1"),
    ('{"degree": 2, "generators": [[1.0, 0]]}', r"must be an integer in 0..1, got 1.0"),
    ('{"degree": 2, "generators": [[true, false]]}', r"must be an integer in 0..1, got True"),
    ('{"degree": 2, "generators": [[NaN, 0]]}', r"must be an integer in 0..1, got nan"),
    ('{"degree": 2, "generators": [[1' + "0" * 99 + ", 0]]}", "integer of more than 30 digits"),
    ('{"degree": 1' + "0" * 5000 + ', "generators": []}', "has a number that is too long"),
    ('{"degree": 2, "generators": [], "name": 3}', "name must be a text, got 3"),
    ("[" * 100000, "is nested too deeply|must be JSON"),
]


@pytest.mark.parametrize(("text", "message"), BAD, ids=range(len(BAD)))
def test_bad_content(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(GroupFileError, match=message) as caught:
        load_group(path)
    assert "bad.json" in str(caught.value) and "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400 + len(str(path))


def test_bad_paths(tmp_path: Path) -> None:
    with pytest.raises(GroupFileError, match=r"the file does not exist"):
        load_group(tmp_path / "none.json")
    with pytest.raises(GroupFileError, match=r"the file is a folder"):
        load_group(tmp_path)
    with pytest.raises(GroupFileError, match=r"cannot be written \(No such file or directory\)"):
        save_group(group("C3"), tmp_path / "no" / "folder.json")
    with pytest.raises(GroupsError):
        load_group("nul\0.json")
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'{"name": "\xe9"}')
    with pytest.raises(GroupFileError, match="must be UTF-8 text"):
        load_group(latin)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipes_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(GroupFileError, match="does not exist"):
        load_group(tmp_path / "pipe.json")


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.json"
    path.write_text('{"degree": 30000, "generators": []}')
    assert load_group(path).degree == 30000
    with pytest.raises(TooLargeError, match="at most 20000 points are built, got degree 30000"):
        group(str(path))
    assert expressions.group(str(path), max_degree=30000).degree == 30000
    monkeypatch.setattr("groups.files.MAX_FILE_BYTES", 10)
    with pytest.raises(TooLargeError, match="group files may have 10 bytes, got 35"):
        load_group(path)


def test_long_paths_are_shown_in_short() -> None:
    with pytest.raises(GroupFileError) as caught:
        load_group("no/" * 1_000 + "group.json")
    assert len(str(caught.value)) < 200 and "no/group.json" in str(caught.value)
