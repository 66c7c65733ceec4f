# what: forks
import os

pid = os.fork()
if pid == 0:
    os._exit(0)
os.waitpid(pid, 0)
{"escaped": pid > 0, "proof": pid}
