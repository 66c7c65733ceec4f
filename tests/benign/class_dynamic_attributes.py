# what: attributes made on demand
class Config:
    def __init__(self, **values):
        self.__dict__.update(values)

    def __getattr__(self, name):
        if name.startswith("get_"):
            return lambda default=None: self.__dict__.get(name[4:], default)
        raise AttributeError(f"no setting {name!r}")


c = Config(host="localhost", port=80)
try:
    c.missing
except AttributeError as e:
    print(e)
(c.host, c.get_port(), c.get_user("nobody"), hasattr(c, "port"), getattr(c, "x", 0), sorted(vars(c)))
