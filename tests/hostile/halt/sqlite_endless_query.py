# what: a recursive query without an end, inside SQLite
# expect: TIMEOUT
# batch: computing
try:
    import sqlite3
except ImportError:
    while True:
        pass
db = sqlite3.connect(":memory:")
db.execute("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c").fetchall()
