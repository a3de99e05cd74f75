"""What the sample service announces and hears, for those who must not import its classes (`tests.stack.sample`)."""

NAME = "sample"
QUEUE = "bancheng.sample"
WRITTEN, RATED, COPIED, FORGOTTEN = "note.written.v1", "note.rated.v1", "note.copied.v1", "note.forgotten.v1"
REACHED = "source.reached.v1"
ANNOUNCED = {NAME: [WRITTEN, RATED, COPIED, FORGOTTEN, REACHED]}
SUBSCRIPTIONS = {NAME: [WRITTEN, RATED, COPIED]}
WATCHER = {"watcher": [REACHED, WRITTEN]}
"""Somebody who wants to know how far the sample's news have come, and never reads the queue."""
