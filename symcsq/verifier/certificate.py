"""Certificates: canonical JSON, section digests and the content hash.

A certificate is a JSON object that a stranger can re-check without this package: sorted keys, exact
numbers as strings, canonical order everywhere, no time stamps. Each section carries a digest, so
that a reader can name the section that was altered, and the whole carries a SHA-256 of its content.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

from symcsq.errors import CertificateError

FORMAT = "symcsq-certificate/1"

_COMPACT = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
_ROWS = re.compile(r"\[\[[-0-9,]+\](?:,\[[-0-9,]+\])*\]")  # lists of integers


def canonical_bytes(value: Any) -> bytes:
    """The canonical JSON of a value, for hashing: sorted keys, no blanks, UTF-8.

    Examples:
        >>> canonical_bytes({"b": [1, "2"], "a": None})
        b'{"a":null,"b":[1,"2"]}'
    """
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def indented(value: Any, margin: str = "\n") -> str:
    """The JSON of a value as files have it: sorted keys, one field a line, one blank a level.

    It is `json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False)`, in less than half the
    time: json's own encoder in C knows no indentation.

    Arguments:
        margin: the line break and the blanks in front of the bracket that closes the value.

    Examples:
        >>> print(indented({"b": [1, "2"], "a": []}))
        {
         "a": [],
         "b": [
          1,
          "2"
         ]
        }
    """
    inner = margin + " "
    if isinstance(value, str):
        return encode_basestring(value)
    if type(value) is int:
        return str(value)
    if isinstance(value, Mapping) and value:
        fields = (f"{encode_basestring(k)}: {indented(value[k], inner)}" for k in sorted(value))
        return "{" + inner + ("," + inner).join(fields) + margin + "}"
    if isinstance(value, (list, tuple)) and value:
        if isinstance(value[0], (list, tuple)):
            # Trees and permutations are most of a file: the encoder in C, then line breaks.
            rows = _COMPACT.encode(value)
            if _ROWS.fullmatch(rows):
                rows = rows.replace(",", "," + inner + " ")
                rows = rows.replace("]," + inner + " [", inner + "]," + inner + "[" + inner + " ")
                return "[" + inner + "[" + inner + " " + rows[2:-2] + inner + "]" + margin + "]"
        items = (indented(item, inner) for item in value)
        return "[" + inner + ("," + inner).join(items) + margin + "]"
    return _COMPACT.encode(value)


def digest(value: Any) -> str:
    """The SHA-256 of the canonical JSON of a value, as 64 hexadecimal digits.

    Examples:
        >>> digest({})[:12]
        '44136fa355b3'
    """
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def seal(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Add the digest of every section, then the hash of the content.

    Arguments:
        sections: the top-level fields of a certificate, without "digests" and "sha256".

    Examples:
        >>> sorted(seal({"format": FORMAT, "claims": []}))
        ['claims', 'digests', 'format', 'sha256']
    """
    body = dict(sections)
    body["digests"] = {name: digest(section) for name, section in sections.items()}
    body["sha256"] = digest(body)
    return body


@dataclass(frozen=True)
class Certificate:
    """A sealed certificate.

    Arguments:
        body: the sealed content, see `seal`.
        name: a file name that says what was verified, such as "parity-networks-n16-m4-relu.json".
        blocks: makes the text of a large Gram matrix, of which the content has only digests.

    Examples:
        >>> certificate = Certificate(seal({"format": FORMAT, "claims": []}), "empty.json")
        >>> certificate.text.splitlines()[1]
        ' "claims": [],'
    """

    body: Mapping[str, Any]
    name: str
    blocks: Callable[[], Iterable[str]] | None = field(default=None, compare=False, repr=False)

    @cached_property
    def text(self) -> str:
        """The file's content: one field a line, sorted keys, one trailing newline."""
        return indented(self.body) + "\n"

    @property
    def sha256(self) -> str:
        """The hash of the content."""
        return str(self.body["sha256"])

    def save(self, path: str | os.PathLike[str], *, blocks: bool = False) -> Path:
        """Write the certificate; a directory gets the file `name` inside it.

        The file appears complete or not at all: it is written beside its place and then moved
        there.

        Arguments:
            path: a file, or a folder that exists.
            blocks: write the Gram matrix too, where the certificate has only the digests of its
                blocks: into the file with the suffix ".gram" in the place of ".json". Otherwise
                such a file of an earlier certificate is removed.

        Returns:
            The path of the file.

        Raises:
            CertificateError: the folder does not exist or cannot be written, or has a directory
                where the file belongs; blocks are asked for and there are none.

        Examples:
            >>> import tempfile
            >>> certificate = Certificate(seal({"format": FORMAT}), "empty.json")
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     certificate.save(folder).name
            'empty.json'
        """
        target = Path(path)
        if target.is_dir():
            target = target / self.name
        if blocks and self.blocks is None:
            raise CertificateError(
                f"blocks: must be False for {self.name}, got True; this certificate holds its "
                "whole Gram matrix"
            )
        if blocks and self.blocks is not None:
            _write(gram_path(target), (text.encode() for text in self.blocks()))
        _write(target, (self.text.encode(),))
        if not blocks:
            # It would contradict the certificate that it now lies beside.
            gram_path(target).unlink(missing_ok=True)
        return target

    def _repr_html_(self) -> str:
        from html import escape

        return f"<code>{escape(self.name)}</code> <small>sha256 {self.sha256[:16]}…</small>"


def gram_path(path: str | os.PathLike[str]) -> Path:
    """The file with the Gram matrix beside a certificate.

    Examples:
        >>> gram_path("rotation.json").name, gram_path("rotation").name
        ('rotation.gram', 'rotation.gram')
    """
    path = Path(path)
    return path.with_name(path.name.removesuffix(".json") + ".gram")


def _write(target: Path, pieces: Iterable[bytes]) -> None:
    """Write a file that appears complete or not at all."""
    if target.is_dir():
        raise CertificateError(
            f"path: must be a file, got the directory {str(target)!r}; choose another folder"
        )
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        try:
            with draft.open("wb") as stream:
                stream.writelines(pieces)
            os.replace(draft, target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CertificateError(
            f"path: must be a writable file in an existing folder, got {str(target)!r} "
            f"({error.strerror}); create the folder first"
        ) from None


def safe_name(*parts: object) -> str:
    """A file name from parts: letters, digits and dots kept, anything else becomes one hyphen.

    Examples:
        >>> safe_name("invariant-polynomials", "S6 on pairs", "d4", "bernoulli(1/3)")
        'invariant-polynomials-S6-on-pairs-d4-bernoulli-1-3.json'
    """
    words = [re.sub(r"[^A-Za-z0-9.+^]+", "-", str(part)).strip("-.") for part in parts]
    return "-".join(word for word in words if word)[:120].rstrip("-.") + ".json"
