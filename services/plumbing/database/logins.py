"""The login role of each service: made from its own URL, with the rights on its own schema and nothing else.

A service connects as its own role, so there is nothing that RESET ROLE could give back to it. Schemas and tables belong
to the administrator, in whose name `bancheng migrate` runs.
"""

import random
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg2
import psycopg2.errors
import psycopg2.extensions
from psycopg2 import sql

SCHEMA = """
CREATE TABLE IF NOT EXISTS bancheng.append_only (relation regclass PRIMARY KEY);
COMMENT ON TABLE bancheng.append_only IS
    'Tables that their service may add to and read, never change: audits. A migration enters its table here.';
"""

ATTEMPTS = 20
PAUSE_SECONDS = 0.05
_OF_YOYO = ("_yoyo", "yoyo")


class LoginUnusable(Exception):
    """A service's login is missing, shared, or may do more than a service needs."""


def setting_of(service: str) -> str:
    """The environment variable with the URL of a service's own login."""
    return f"BANCHENG_{service.upper()}_DATABASE_URL"


def as_login(url: str, user: str, password: str = "") -> str:
    """The database that ``url`` names, for another login."""
    parts = urlsplit(url)
    secret = f":{quote(password, safe='')}" if password else ""
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{quote(user, safe='')}{secret}@{place}").geturl()


def user_of(url: str) -> str:
    """The role that a URL names; "" if it names none."""
    return str(psycopg2.extensions.parse_dsn(url).get("user", ""))


def make(connection: Any, logins: Mapping[str, str]) -> None:
    """Let each service log in with the user and password of its URL, and nobody else connect to this database.

    Raises LoginUnusable, psycopg2.Error.
    """
    _ensure_apart(connection, logins)
    for url in logins.values():
        _make_role(connection, psycopg2.extensions.parse_dsn(url))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        database = sql.Identifier(cursor.fetchone()[0])
        users = sql.SQL(", ").join(sql.Identifier(user_of(url)) for url in logins.values())
        _execute_together(
            cursor,
            sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database),
            sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"),
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, users),
        )


def grant(connection: Any, service: str, url: str) -> None:
    """Give a service's role what it needs, and take from it whatever else it had in its schema.

    In one transaction, so that a service at work notices nothing.
    """
    role, schema = sql.Identifier(user_of(url)), sql.Identifier(service)
    with connection.cursor() as cursor:
        tables = [
            sql.SQL("GRANT {} ON {}.{} TO {}").format(
                sql.SQL("SELECT, INSERT" if is_append_only else "SELECT, INSERT, UPDATE, DELETE"),
                schema,
                sql.Identifier(name),
                role,
            )
            for name, is_append_only in _tables(cursor, service)
        ]
        _execute_together(
            cursor,
            *(
                sql.SQL(text).format(role=role, schema=schema)
                for text in (
                    "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}",
                    "REVOKE ALL ON SCHEMA {schema} FROM {role}, PUBLIC",
                    "REVOKE ALL ON ALL ROUTINES IN SCHEMA bancheng FROM PUBLIC",
                    "GRANT USAGE ON SCHEMA bancheng, {schema} TO {role}",
                    "GRANT EXECUTE ON ALL ROUTINES IN SCHEMA bancheng TO {role}",
                    "GRANT SELECT ON bancheng.clock, bancheng.subscriptions TO {role}",
                    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
                )
            ),
            *tables,
        )


def ensure_least_privilege(connection: Any, service: str) -> None:
    """Raises LoginUnusable if the login of this connection may do more than a service needs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls"
            " OR has_schema_privilege(%s, 'CREATE') FROM pg_roles WHERE rolname = session_user",
            (service,),
        )
        if cursor.fetchone()[0]:
            raise LoginUnusable(f"{setting_of(service)} names a role that may do more than a service needs")


def _ensure_apart(connection: Any, logins: Mapping[str, str]) -> None:
    users = {service: user_of(url) for service, url in logins.items()}
    with connection.cursor() as cursor:
        for service, user in users.items():
            cursor.execute(
                "SELECT %(user)s = current_user OR EXISTS (SELECT FROM pg_roles WHERE rolname = %(user)s AND rolsuper)",
                {"user": user},
            )
            if not user or cursor.fetchone()[0]:
                raise LoginUnusable(f"{setting_of(service)} must name a user of {service}'s own, not an administrator")
            if list(users.values()).count(user) > 1:
                raise LoginUnusable(f"{setting_of(service)} must name a user of {service}'s own: {user} is shared")


def _make_role(connection: Any, login: Mapping[str, Any]) -> None:
    """Create the role or give it its password. Roles belong to the whole server, where another database's migration
    may do the same at the same moment: then PostgreSQL refuses one of the two, which tries again.
    """
    role = sql.Identifier(login["user"])
    options: sql.Composable = sql.SQL("LOGIN")
    if login.get("password"):
        # Made here, so that no log of the server ever shows a password.
        verifier = psycopg2.extensions.encrypt_password(
            login["password"], login["user"], scope=connection, algorithm="scram-sha-256"
        )
        options = sql.SQL("LOGIN PASSWORD {}").format(sql.Literal(verifier))
    for attempt in range(ATTEMPTS):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", (login["user"],))
                verb = sql.SQL("ALTER" if cursor.rowcount else "CREATE")
                cursor.execute(sql.SQL("{} ROLE {} {}").format(verb, role, options))
                _let_sessions_be_seen(cursor, login["user"])
            return
        except (psycopg2.errors.DuplicateObject, psycopg2.errors.UniqueViolation, psycopg2.errors.InternalError_):
            if attempt == ATTEMPTS - 1:
                raise
            time.sleep(PAUSE_SECONDS * random.random())


def _let_sessions_be_seen(cursor: Any, user: str) -> None:
    """Let this administrator see when a role's transactions began: `watermark` asks in the administrator's name, and
    without an answer no mark is ever confirmed. A superuser sees it anyway. Raises LoginUnusable.
    """
    cursor.execute("SELECT pg_has_role('pg_read_all_stats', 'USAGE') OR pg_has_role(%s, 'USAGE')", (user,))
    if not cursor.fetchone()[0]:
        try:
            cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER WITH INHERIT TRUE").format(sql.Identifier(user)))
        except psycopg2.errors.InsufficientPrivilege:
            raise LoginUnusable(
                f"DATABASE_URL names an administrator who may not see {user}'s transactions:"
                " GRANT pg_read_all_stats to that administrator"
            ) from None


def _tables(cursor: Any, service: str) -> Sequence[tuple[str, bool]]:
    """The service's tables, and whether each is append-only; without yoyo's own, which are the administrator's."""
    cursor.execute(
        "SELECT relname, oid IN (SELECT relation FROM bancheng.append_only) FROM pg_class"
        " WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p') ORDER BY relname",
        (service,),
    )
    return [(name, is_append_only) for name, is_append_only in cursor.fetchall() if not name.startswith(_OF_YOYO)]


def _execute_together(cursor: Any, *statements: sql.Composable) -> None:
    """Run statements in one transaction: PostgreSQL takes what is sent at once for one."""
    cursor.execute(sql.SQL("; ").join(statements))
