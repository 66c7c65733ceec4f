# what: has a text file tested, and its lines shown
import doctest

doctest.testfile(CANARY_DIR + "/canary.doctest", module_relative=False, verbose=True)
