"""The mailbox: reaching it, reading its messages, moving and removing them. What a message means is decided elsewhere."""
