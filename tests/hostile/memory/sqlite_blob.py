# what: SQLite is asked for a blob of a thousand million bytes
# expect: MEMORY_LIMIT_EXCEEDED | EXECUTION_ERROR
try:
    import sqlite3
except ImportError:
    bytes(10**9)
else:
    sqlite3.connect(":memory:").execute("SELECT zeroblob(999999999)").fetchall()
