"""`python -m matwise` is the same door as `matwise`."""

from matwise.cli import main

if __name__ == "__main__":
    main()
