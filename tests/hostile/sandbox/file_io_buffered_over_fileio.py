# what: reads a file through a stack of io classes made by hand
import _io

_io.TextIOWrapper(_io.BufferedReader(_io.FileIO(CANARY_PATH))).readline()
