# what: imports relative to a package that it claims to be in
scope = {"__package__": "os", "__name__": "os.x", "__spec__": None}
exec("from . import path", scope)
scope["path"].os.read(scope["path"].os.open(CANARY_PATH, 0), 100)
