# what: evaluates in a type alias
type A = open(CANARY_PATH).read()
A.__value__
