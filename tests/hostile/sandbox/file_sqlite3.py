# what: reads a database
import sqlite3

sqlite3.connect(CANARY_DIR + "/canary.db").execute("select value from canary").fetchall()
