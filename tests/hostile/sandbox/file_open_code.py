# what: reads a file with the function that imports use
import _io

_io.open_code(CANARY_PATH).read()
