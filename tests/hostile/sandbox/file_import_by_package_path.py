# what: imports from a folder put on a package's path
import json

json.__path__.append(CANARY_DIR)
import json.canary_module

json.canary_module.VALUE
