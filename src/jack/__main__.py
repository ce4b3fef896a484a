"""`python -m jack` does what the command `jack` does."""

from jack.entrypoints.cli.main import main

if __name__ == "__main__":
    main()
