# what: reads the stacks of the process's threads
# python: >=3.14
import os

import _remote_debugging

{"escaped": bool(_remote_debugging.RemoteUnwinder(os.getpid(), all_threads=True).get_stack_trace()), "proof": "stacks"}
