# what: names a function in wide letters
ｏｐｅｎ(CANARY_PATH).read()
