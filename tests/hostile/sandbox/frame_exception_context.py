# what: takes a frame from the exception before
try:
    try:
        1 / 0
    finally:
        [][0]
except IndexError as error:
    frame = error.__context__.__traceback__.tb_frame
{"escaped": frame.f_back.f_globals is not globals(), "proof": "f_globals"}
