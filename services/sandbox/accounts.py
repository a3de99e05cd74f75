"""Accounts of the desk for trying out: their passwords hold at once."""

from services.desk import store
from services.desk.actions import passwords
from services.plumbing.database.database import Database
from services.plumbing.database.logins import as_login
from services.sandbox.sandbox import Sandbox


def give_account(sandbox: Sandbox, staff: str) -> str:
    """Let somebody of the sandbox's center log in to the desk, with the password that is returned."""
    password = passwords.first_password()
    database = Database(as_login(sandbox.database_url, "bancheng_desk"), "desk", size=1)
    with database.transaction() as tx:
        password_hash = passwords.hash_password(password)
        store.accounts.save_password(tx, sandbox.center.code, staff, password_hash, must_set_password=False)
    database.close()
    return password
