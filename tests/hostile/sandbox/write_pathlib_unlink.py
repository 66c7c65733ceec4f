# what: deletes a file with pathlib
import pathlib

pathlib.Path(VICTIM_PATH).unlink()
