# what: makes a database
import sqlite3

connection = sqlite3.connect(MARKER_PATH)
connection.execute("create table t (x)")
connection.commit()
