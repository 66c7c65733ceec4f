# what: takes a frame from an exception in a group
try:
    try:
        raise ValueError
    except ValueError as error:
        raise ExceptionGroup("g", [error])
except* ValueError as group:
    frame = group.exceptions[0].__traceback__.tb_frame
{"escaped": frame.f_back.f_globals is not globals(), "proof": "f_globals"}
