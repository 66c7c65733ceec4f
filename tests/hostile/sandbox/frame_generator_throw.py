# what: throws into a generator and takes the frames that it went through
def generator():
    yield


g = generator()
next(g)
try:
    g.throw(ValueError())
except ValueError as error:
    frame = error.__traceback__.tb_next.tb_frame
{"escaped": "__builtins__" in frame.f_globals, "proof": "f_globals"}
