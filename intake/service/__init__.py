"""Running poll and retention without anyone signed in: what systemd and the Windows Task Scheduler are told."""
