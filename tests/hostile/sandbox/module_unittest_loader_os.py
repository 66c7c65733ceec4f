# what: reaches os as unittest.loader.os
import unittest

unittest.loader.os.listdir(CANARY_DIR + "/names")
