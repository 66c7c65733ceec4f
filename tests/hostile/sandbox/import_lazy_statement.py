# what: imports with a lazy statement
# python: >=3.15
lazy import posix

posix.read(posix.open(CANARY_PATH, 0), 100)
