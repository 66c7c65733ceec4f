# what: lists a folder with pathlib
import pathlib

[str(path) for path in pathlib.Path(CANARY_DIR, "names").iterdir()]
