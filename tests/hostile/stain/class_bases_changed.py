# what: a library class gets another base
# batch: stains
import logging


class Evil(logging.StreamHandler):
    stained = True


logging.FileHandler.__bases__ = (Evil,)
# --- verify ---
import logging

logging.FileHandler.__bases__ == (logging.StreamHandler,) and not hasattr(logging.FileHandler, "stained")
