# what: reaches os as contextlib.os
import contextlib

os = contextlib.os
os.read(os.open(CANARY_PATH, 0), 100)
