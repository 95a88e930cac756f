"""``python -m scireasoner.cli``."""

import sys

from scireasoner.cli import main

if __name__ == "__main__":
    sys.exit(main())
