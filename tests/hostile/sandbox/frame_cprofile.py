# what: profiles a function that it was given
import cProfile

profile = cProfile.Profile()
profile.enable()
print("x")
profile.disable()
{"escaped": any(getattr(row.code, "co_varnames", ()) for row in profile.getstats()), "proof": "code"}
