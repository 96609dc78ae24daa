"""`python -m toolvet`."""

from toolvet.cli import main

raise SystemExit(main())
