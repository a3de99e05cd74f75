"""How a record is declared, read and written; every event and every request body is one."""
