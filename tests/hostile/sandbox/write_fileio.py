# what: makes a file with io.FileIO
import io

io.FileIO(MARKER_PATH, "w").close()
