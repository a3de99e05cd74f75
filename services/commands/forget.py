"""`bancheng forget NUMBER`: delete what is personal in a ticket that has ended."""

import os

import click
import requests

from services.commands.command import LANGUAGE, plainly
from services.sandbox.client import CallRefused, Client
from services.wording import Wording


@click.command()
@click.argument("number")
@click.option("--reason", required=True, help="Why; it is written down with your name.")
@click.option("--intake", envvar="BANCHENG_INTAKE_ADDRESS", default="127.0.0.1:8001", show_default=True)
@click.option("--yes", is_flag=True, help="Do not ask first.")
@LANGUAGE
@plainly(requests.RequestException)
def forget(number: str, reason: str, intake: str, yes: bool, say: Wording) -> None:
    """Delete the applicant, the texts and the files of the ticket NUMBER in every service. They do not come back.

    Asks the running intake with the token in BANCHENG_TOKEN, of an auditor or of the director.
    """
    token = os.environ.get("BANCHENG_TOKEN")
    if not token:
        raise click.ClickException("BANCHENG_TOKEN is not set: `bancheng token issue` prints one")
    if not yes:
        click.confirm(say("Delete what is personal in {number} for good?", number=number), abort=True)
    try:
        Client(f"http://{intake}", token).post(f"/tickets/{number}/forget", {"reason": reason})
    except CallRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(say("{number}: number, times, departments and outcome are left", number=number))
