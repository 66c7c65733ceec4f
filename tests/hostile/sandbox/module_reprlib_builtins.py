# what: reaches builtins as reprlib.builtins
import reprlib

reprlib.builtins.open(CANARY_PATH).read()
