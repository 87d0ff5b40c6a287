"""One dialog a file; each yields its data when it was sent, or None."""
