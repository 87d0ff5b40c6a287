"""The command line: one module a group of commands. A contract that other programs call; it decides nothing itself.

`main.py` holds the entry and the exit status; `context.py` the global options and signing in; `output.py` the JSON
and the words for people.
"""
