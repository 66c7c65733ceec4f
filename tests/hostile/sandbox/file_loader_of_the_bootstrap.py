# what: reads a file with a class of the import system's own module
import _frozen_importlib_external

_frozen_importlib_external.FileLoader("a", "b").get_data(CANARY_PATH)
