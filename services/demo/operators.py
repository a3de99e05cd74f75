"""What an operator does about the center file, over HTTP with a token of their own."""

from dataclasses import replace

from schemas.center.center import Center
from services.access.center_text import center_text
from services.demo.acts import OperatorMoment
from services.sandbox.client import Client


def publish(moment: OperatorMoment, operator: Client) -> None:
    """Make a version of the file that is in force, with the moment's rule behind all others. Raises CallRefused."""
    in_force = operator.get("/center-file")
    center = Center.load(in_force["center"])
    changed = replace(center, rules=(*center.rules, moment.add_rule))
    operator.post("/center-file/publish", {"yaml": center_text(changed), "based_on": in_force["version"]})
