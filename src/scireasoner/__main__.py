"""``python -m scireasoner``: the command, also for launchers that start modules."""

from __future__ import annotations

import sys

from scireasoner.cli import main

if __name__ == "__main__":
    sys.exit(main())
