# what: reads a file with pathlib
import pathlib

pathlib.Path(CANARY_PATH).read_text()
