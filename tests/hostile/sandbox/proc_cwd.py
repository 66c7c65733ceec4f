# what: reads a file through the working directory in /proc
open("/proc/self/cwd/" + "../" * 30 + CANARY_PATH.lstrip("/")).read()
