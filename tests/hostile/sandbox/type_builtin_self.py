# what: takes the module that a built-in function belongs to
len.__self__.open(CANARY_PATH).read()
