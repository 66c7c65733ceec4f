# what: reads a package's data from far outside of it
import pkgutil

pkgutil.get_data("json", "../" * 30 + CANARY_PATH.lstrip("/"))
