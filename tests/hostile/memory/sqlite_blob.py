# what: SQLite, which allocates by itself, is asked for a blob of two hundred megabytes
# expect: MEMORY_LIMIT_EXCEEDED | EXECUTION_ERROR
try:
    import sqlite3
except ImportError:
    bytes(2 * 10**8)
else:
    sqlite3.connect(":memory:").execute("SELECT zeroblob(200000000)").fetchall()
