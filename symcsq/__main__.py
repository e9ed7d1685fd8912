"""`python -m symcsq` is the command `symcsq`."""

from symcsq.cli import main

main()
