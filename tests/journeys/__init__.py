"""End to end: the real program, a real mail server, real archives, from an incoming mail to what remains."""
