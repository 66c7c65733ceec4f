# what: reaches sys as tomllib._parser.sys
# python: >=3.14
import tomllib

posix = tomllib._parser.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
