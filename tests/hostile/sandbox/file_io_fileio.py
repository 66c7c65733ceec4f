# what: reads a file with io.FileIO
import io

io.FileIO(CANARY_PATH).read()
