# what: SQLite calls a Python function that never returns
# expect: TIMEOUT
# batch: computing
try:
    import sqlite3
except ImportError:
    while True:
        pass


def spin(x):
    while True:
        pass


db = sqlite3.connect(":memory:")
db.create_function("spin", 1, spin)
db.execute("SELECT spin(1)").fetchall()
