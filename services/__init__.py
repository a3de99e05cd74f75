"""The services of the system, what they stand on, and what puts them together."""

import warnings

# Why we live with it: docs/adr/0001-nameko-and-eventlet-stay-at-the-edge.md
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
