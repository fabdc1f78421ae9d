"""`python -m queue_server`: the same as `antrean`."""

from .cli import main

if __name__ == "__main__":
    main()
