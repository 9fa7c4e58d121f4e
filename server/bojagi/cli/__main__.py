"""`python -m bojagi.cli`."""

import sys

from bojagi.cli import main

if __name__ == "__main__":
    sys.exit(main())
