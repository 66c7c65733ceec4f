# what: reaches os as logging.os
import logging

os = logging.os
os.read(os.open(CANARY_PATH, 0), 100)
