# what: has every call profiled
import sys

found = []
sys.setprofile(lambda frame, event, argument: found.append(frame))
(lambda: None)()
sys.setprofile(None)
{"escaped": any(frame.f_back and frame.f_back.f_globals is not globals() for frame in found), "proof": "f_globals"}
