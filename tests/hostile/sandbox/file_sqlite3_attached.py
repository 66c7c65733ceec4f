# what: attaches a database to one in memory
import sqlite3

connection = sqlite3.connect(":memory:")
connection.execute("attach ? as other", (CANARY_DIR + "/canary.db",))
connection.execute("select value from other.canary").fetchall()
