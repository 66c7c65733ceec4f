# what: profiles a statement
import cProfile

scope = {"p": CANARY_PATH}
cProfile.Profile().runctx("value = open(p).read()", scope, scope)
scope["value"]
