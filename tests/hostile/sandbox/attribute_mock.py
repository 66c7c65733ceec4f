# what: finds an object by its name with unittest.mock
import unittest.mock

getter, attribute = unittest.mock._get_target("io.open")
getattr(getter(), attribute)(CANARY_PATH).read()
