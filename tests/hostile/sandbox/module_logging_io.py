# what: reaches io as logging.io
import logging

logging.io.open(CANARY_PATH).read()
