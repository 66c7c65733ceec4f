# what: reads a file with tokenize.open()
import tokenize

tokenize.open(CANARY_PATH).read()
