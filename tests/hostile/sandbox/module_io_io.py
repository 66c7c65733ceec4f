# what: reaches io as io._io
import io

io._io.open(CANARY_PATH).read()
