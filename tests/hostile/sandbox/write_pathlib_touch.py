# what: makes a file with pathlib
import pathlib

pathlib.Path(MARKER_PATH).touch()
