# what: reads a file with open()
open(CANARY_PATH).read()
