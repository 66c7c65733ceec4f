# what: every handler raises the next exception
# expect: TIMEOUT
while True:
    try:
        raise ValueError
    except ValueError as e:
        try:
            raise KeyError from e
        except BaseException:
            pass
