"""First floor: the work, from mail to outcome. Imports `storage`, never `tui`."""
