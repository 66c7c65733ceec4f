# what: reads a file with codecs.open()
import codecs

codecs.open(CANARY_PATH, encoding="ascii").read()
