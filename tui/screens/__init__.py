"""One full screen a file."""
