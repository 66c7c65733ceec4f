# what: resolves a name with pkgutil
import pkgutil

pkgutil.resolve_name("io:open")(CANARY_PATH).read()
