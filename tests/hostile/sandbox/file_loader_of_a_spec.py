# what: reads a file with the loader in a module's spec
import difflib

difflib.__spec__.loader.get_data(CANARY_PATH)
