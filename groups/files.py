"""Group files: ``{"degree": n, "generators": [[image list], …]}`` in JSON, points counted from 0.

An optional ``"name"`` is kept. Nothing else is accepted: a file with a misspelt key is an error,
not a surprise.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from groups.errors import GroupFileError, GroupsError, TooLargeError
from groups.errors import shown as shown_value
from groups.group import PermutationGroup

MAX_FILE_BYTES = 64 * 1024 * 1024
_KEYS = ("degree", "generators", "name")
_EXAMPLE = '{"degree": 3, "generators": [[1, 2, 0]]}'


def load_group(path: str | os.PathLike[str], *, max_degree: int | None = None) -> PermutationGroup:
    """Read a group file.

    Arguments:
        path: a JSON file. max_degree: largest degree that is accepted, None for any.

    Returns:
        The group; its name is the one in the file, or None.

    Raises:
        GroupFileError: the file cannot be read, is not JSON, or does not hold a group.
        TooLargeError: the file exceeds `MAX_FILE_BYTES`, or the degree `max_degree`.

    Complexity:
        Linear in the size of the file.

    Examples:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = pathlib.Path(folder) / "c3.json"
        ...     save_group(PermutationGroup(["(1,2,3)"]), file)
        ...     load_group(file).order
        3
    """
    shown = shown_value(os.fspath(path))
    data = _parse(_read(path, shown), shown)
    if not isinstance(data, dict):
        raise GroupFileError(
            f"{shown}: a group file must be a JSON object, got a {_kind(data)}; write {_EXAMPLE}"
        )
    for key in data:
        if key not in _KEYS:
            raise GroupFileError(
                f"{shown}: the keys are {', '.join(_KEYS)}, got {key[:40]!r}; write {_EXAMPLE}"
            )
    for key in _KEYS[:2]:
        if key not in data:
            raise GroupFileError(f"{shown}: the key {key!r} is missing; write {_EXAMPLE}")
    degree, generators, name = data["degree"], data["generators"], data.get("name")
    if not _is_integer(degree) or degree < 0:
        raise GroupFileError(
            f"{shown}: degree must be an integer >= 0, got {_shown(degree)}; give the number of "
            "points"
        )
    if max_degree is not None and degree > max_degree:
        raise TooLargeError(
            f"{shown}: at most {max_degree} points are built, got degree {_shown(degree)}; "
            "use fewer points (in Python, load_group(path) takes any number)"
        )
    if not isinstance(generators, list) or not all(isinstance(g, list) for g in generators):
        raise GroupFileError(
            f"{shown}: generators must be a list of image lists, got {_shown(generators)}; "
            f"write {_EXAMPLE}"
        )
    if name is not None and not isinstance(name, str):
        raise GroupFileError(
            f"{shown}: name must be a text, got {_shown(name)}; leave it out when there is none"
        )
    for k, g in enumerate(generators):
        _check_images(g, degree, f"{shown}: generators[{k}]")
    try:
        return PermutationGroup(generators, degree, name=name)
    except GroupsError as error:
        raise GroupFileError(f"{shown}: {error}") from None


def save_group(group: PermutationGroup, path: str | os.PathLike[str]) -> None:
    """Write a group file: degree, generators in their order, and the name if there is one.

    Arguments:
        group: any permutation group. path: where to write; an existing file is replaced.

    Raises:
        GroupFileError: the file cannot be written.

    Examples:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = pathlib.Path(folder) / "c3.json"
        ...     save_group(PermutationGroup(["(1,2,3)"]), file)
        ...     print(file.read_text(), end="")
        {"degree": 3, "generators": [
        [1, 2, 0]
        ]}
    """
    rows = ",\n".join(json.dumps(g.images.tolist()) for g in group.generators)
    generators = f"[\n{rows}\n]" if rows else "[]"
    name = "" if group.name is None else f', "name": {json.dumps(group.name, ensure_ascii=False)}'
    text = f'{{"degree": {group.degree}, "generators": {generators}{name}}}\n'
    try:
        Path(path).write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise GroupFileError(
            f"{shown_value(os.fspath(path))}: cannot be written ({_reason(error)}); "
            "choose another path"
        ) from None


def _read(path: str | os.PathLike[str], shown: str) -> str:
    try:
        # A pipe or a device has no end that can be waited for.
        if not os.path.isfile(path):
            reason = "is a folder" if os.path.isdir(path) else "does not exist"
            raise GroupFileError(f"{shown}: the file {reason}; give the path of a JSON group file")
        size = os.path.getsize(path)
        if size > MAX_FILE_BYTES:
            raise TooLargeError(
                f"{shown}: group files may have {MAX_FILE_BYTES} bytes, got {size}; "
                "keep fewer generators"
            )
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise GroupFileError(
            f"{shown}: must be UTF-8 text, got other bytes; write {_EXAMPLE}"
        ) from None
    except OSError as error:
        raise GroupFileError(
            f"{shown}: cannot be read ({_reason(error)}); give the path of a JSON group file"
        ) from None


def _parse(text: str, shown: str) -> Any:
    def refuse_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        data = dict(pairs)
        if len(data) < len(pairs):
            keys = [key for key, _ in pairs]
            bad = next(key for key in keys if keys.count(key) > 1)
            raise GroupFileError(f"{shown}: the key {bad[:40]!r} occurs twice; write {_EXAMPLE}")
        return data

    try:
        return json.loads(text, object_pairs_hook=refuse_repeats)
    except json.JSONDecodeError as error:
        raise GroupFileError(
            f"{shown}: must be JSON, got {error.msg} at line {error.lineno}, column {error.colno}; "
            f"write {_EXAMPLE}"
        ) from None
    except RecursionError:
        raise GroupFileError(f"{shown}: is nested too deeply; write {_EXAMPLE}") from None
    except GroupsError:
        raise
    except ValueError:
        # Python refuses to read integers of thousands of digits.
        raise GroupFileError(f"{shown}: has a number that is too long; write {_EXAMPLE}") from None


def _check_images(images: list[Any], degree: int, where: str) -> None:
    if len(images) != degree:
        raise GroupFileError(
            f"{where}: must have {degree} images, the degree, got {len(images)}; list fixed "
            "points too"
        )
    seen = bytearray(degree)
    for i, image in enumerate(images):
        if not _is_integer(image) or not 0 <= image < degree:
            raise GroupFileError(
                f"{where}[{i}]: must be an integer in 0..{degree - 1}, got {_shown(image)}; "
                "points are counted from 0"
            )
        if seen[image]:
            raise GroupFileError(
                f"{where}[{i}]: every point must occur once, got {image} again; "
                f"give a rearrangement of 0..{degree - 1}"
            )
        seen[image] = 1


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _kind(value: Any) -> str:
    names = {list: "list", str: "text", bool: "truth value", type(None): "null"}
    return names.get(type(value), "number")


def _shown(value: Any) -> str:
    if isinstance(value, int) and abs(value) > 10**30:
        return "an integer of more than 30 digits"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
