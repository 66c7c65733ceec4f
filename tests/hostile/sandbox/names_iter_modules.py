# what: lists the modules of a folder
import pkgutil

[module.name for module in pkgutil.iter_modules([CANARY_DIR + "/names"])]
