"""Mutated archives, mails, structures and forms: each must end as a referral or with a cause, and soon.

`samples.py` has what is mutated, `mutation.py` how, `targets.py` what a case goes through. Cases run in `child.py`, a
process of their own under a bound of memory, which `runner.py` feeds, watches and starts anew after a crash or a hang.
`python -m tests.fuzz --all` is the long run (README); the check runs the short one of `test_fuzz.py`.
"""
