# what: walks the stack with traceback
import sys
import traceback

{"escaped": any(frame.f_globals is not globals() for frame, _ in traceback.walk_stack(sys._getframe())), "proof": "f_globals"}
