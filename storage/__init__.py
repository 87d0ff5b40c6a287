"""Ground floor: durable documents, keys, the access log, backups.

What lives here knows no referral, mailbox or screen. Nothing in this package imports `intake` or `tui`.
"""
