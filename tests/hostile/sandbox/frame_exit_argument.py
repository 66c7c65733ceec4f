# what: takes a frame from what a context manager is given
found = []


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        found.append(trace.tb_frame.f_back)
        return True


with Manager():
    1 / 0
{"escaped": found[0].f_globals is not globals(), "proof": "f_globals"}
