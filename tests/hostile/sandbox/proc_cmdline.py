# what: reads the command line in /proc
open("/proc/self/cmdline").read()
