# what: gives the process another name
open("/proc/self/comm", "w").write("stained")
