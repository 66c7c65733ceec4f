# what: moves a file away with pathlib
import pathlib

pathlib.Path(VICTIM_PATH).replace(MARKER_PATH)
