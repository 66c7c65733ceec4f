# what: takes a frame from an exception
try:
    1 / 0
except ZeroDivisionError as error:
    frame = error.__traceback__.tb_frame
{"escaped": frame.f_back.f_globals is not globals(), "proof": "f_globals"}
