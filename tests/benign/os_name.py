# what: which system it is
import os

(os.name, os.curdir, os.pathsep, os.fspath("x"), os.extsep)
