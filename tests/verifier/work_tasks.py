"""Tasks for the tests of work, in a module that workers import quickly."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

TASK_VERSION = 3


def scaled(shared: int, item: int) -> list[str]:
    return [str(shared * item), "x" * (item % 3)]


def in_reverse(shared: int, item: int) -> int:
    """The first items take longest."""
    time.sleep(max(0, shared - item) / 1000)
    return item


def length_and_item(shared: list[int], item: int) -> tuple[int, int]:
    """A tuple, from a context of any size."""
    return len(shared), item


def refuses(shared: int, item: int) -> int:
    if item == shared:
        raise ValueError(f"item: must not be {shared}, got {item}; choose another")
    return item


def inexact(shared: None, item: int) -> float:
    return item / 2


def dies_once(marker: str, item: int) -> int:
    """The first worker that comes to item 20 is killed."""
    time.sleep(0.005)
    if item == 20 and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item * item


def process_of(shared: Any, item: int) -> int:
    time.sleep(0.2)
    return os.getpid()
