"""The real things that the tests run against, and the means to break them.

`rabbit` starts a private RabbitMQ node (PostgreSQL comes from `services.sandbox`), `proxy` stands between a client
and a server and misbehaves when told to, `frozen` stops a process with all its children for a while, and `fixtures`
gives each module of tests a database and a virtual host of its own. Nothing here is a mock.
"""
