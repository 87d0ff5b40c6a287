"""Top floor: screens. They draw and ask; what may be done and how it is saved is decided in `intake`."""

import os

# Textual paints what changed at its next beat, by default sixty a second: a key waits half of that, and it is what a key waits
# for most. Nothing is painted more often for it, only sooner. Read by Textual when it is loaded, which is after this.
os.environ.setdefault("TEXTUAL_FPS", "120")
