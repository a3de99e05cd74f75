"""A message's bytes for a person to read."""

import json


def readable(body: bytes) -> str:
    """JSON laid out in lines; what is none, as Python writes bytes."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return repr(body)
