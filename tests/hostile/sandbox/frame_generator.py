# what: takes its caller's frame from a generator that runs
g = (g.gi_frame.f_back.f_back for _ in [1])
{"escaped": next(g).f_globals is not globals(), "proof": "f_globals"}
