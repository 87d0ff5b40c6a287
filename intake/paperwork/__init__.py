"""Papers that leave the office: the hand-over sheet. What goes to the sending side names no outcome."""
