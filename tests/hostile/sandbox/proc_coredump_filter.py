# what: changes what goes into a core dump
open("/proc/self/coredump_filter", "w").write("0x7f")
