"""Documents that people take with them, and bring: tables and letters. The desk uses it; it keeps nothing."""
