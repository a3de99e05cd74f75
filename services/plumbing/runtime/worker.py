"""How an entrypoint runs its method: as a nameko worker, with what the service class depends on, waited for."""

from typing import Any

from eventlet.event import Event as Signal
from nameko.extensions import Entrypoint


def run_worker(entrypoint: Entrypoint, *arguments: Any, **named: Any) -> Any:
    """What the entrypoint's method returns. Raises what it raises."""
    done = Signal()

    def hand_over(_context: Any, result: Any, failure: Any) -> tuple[Any, Any]:
        done.send(result, failure)
        return result, failure

    entrypoint.container.spawn_worker(entrypoint, arguments, named, handle_result=hand_over)
    return done.wait()
