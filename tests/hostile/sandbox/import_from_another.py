# what: imports a name that another module has imported
from random import _os as os

os.read(os.open(CANARY_PATH, 0), 100)
