# what: reads a file through the root in /proc
open("/proc/self/root" + CANARY_PATH).read()
