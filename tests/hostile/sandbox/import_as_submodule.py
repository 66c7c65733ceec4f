# what: imports a module as another's attribute
import os.path as path

path.os.read(path.os.open(CANARY_PATH, 0), 100)
