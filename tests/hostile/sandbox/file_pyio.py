# what: reads a file with the pure-Python io module
import _pyio

_pyio.open(CANARY_PATH).read()
