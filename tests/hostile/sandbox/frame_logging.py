# what: takes a frame with a helper of logging
import logging

{"escaped": logging.currentframe().f_back is not None, "proof": "f_back"}
