# what: reads a file with io.open()
import io

io.open(CANARY_PATH).read()
