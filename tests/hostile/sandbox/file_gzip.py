# what: reads a gzip file
import gzip

gzip.open(CANARY_DIR + "/canary.gz").read()
