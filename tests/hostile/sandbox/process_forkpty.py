# what: forks with a terminal
import os

pid, fd = os.forkpty()
if pid == 0:
    os._exit(0)
os.waitpid(pid, 0)
{"escaped": pid > 0, "proof": pid}
