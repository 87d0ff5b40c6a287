"""Top floor: screens. They draw and ask; what may be done and how it is saved is decided in `intake`."""
