# what: makes a folder with pathlib
import pathlib

pathlib.Path(MARKER_PATH).mkdir()
