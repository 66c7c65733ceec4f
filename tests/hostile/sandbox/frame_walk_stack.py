# what: walks the stack with traceback
import traceback

{"escaped": any(frame.f_globals is not globals() for frame, _ in list(traceback.walk_stack(None))[1:]), "proof": "f_globals"}
