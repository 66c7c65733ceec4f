# what: makes a temporary file where it likes
import os.path
import tempfile

folder, name = os.path.split(MARKER_PATH)
file = tempfile.NamedTemporaryFile(dir=folder, delete=False)
os.rename(file.name, MARKER_PATH)
