# what: finds an object by its name with pydoc
import pydoc

pydoc.locate("io.open")(CANARY_PATH).read()
