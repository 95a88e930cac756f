"""Memory of the pool's processes: how much they hold, how much more they may, on which pages."""

from __future__ import annotations

import resource
import sys

RESIDENT, WRITABLE = 1, 5
"""Columns of /proc/self/statm: resident pages, and private writable ones."""

# Of <linux/mman.h>; the last is new in Linux 6.1.
_HUGE, _MADV_HUGEPAGE, _MADV_COLLAPSE = 1 << 21, 14, 25


def held(column: int) -> int:
    """Return this process's memory of a kind in bytes; 0 where it is not known."""
    if sys.platform != "linux":
        return 0
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[column]) * resource.getpagesize()


def allow(size: float) -> None:
    """Limit the private writable memory of this process, in bytes.

    Not the address space: Java and thread stacks reserve gigabytes of it that they never touch.
    """
    if sys.platform == "linux":
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        soft = hard if size == resource.RLIM_INFINITY else int(size)
        soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def huge_pages() -> None:
    """Put what this process holds on huge pages: forks of it live and die in about half the time.

    Most of a fork, and of its end, is copying and freeing one entry a page. Where the kernel has
    no huge pages, or no memory in one piece, everything stays as it is.
    """
    if sys.platform != "linux":
        return
    import ctypes

    advise = ctypes.CDLL(None).madvise
    advise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    with open("/proc/self/maps", encoding="ascii", errors="replace") as file:
        fields = [line.split(maxsplit=5) for line in file]
    for span, rights, _, _, inode, *name in fields:
        # Private memory that no file backs; stacks stay, they are small and grow.
        if rights == "rw-p" and inode == "0" and "[stack" not in "".join(name):
            start, end = (int(number, 16) for number in span.split("-"))
            if end - start >= _HUGE:
                advise(start, end - start, _MADV_HUGEPAGE)
                advise(start, end - start, _MADV_COLLAPSE)
