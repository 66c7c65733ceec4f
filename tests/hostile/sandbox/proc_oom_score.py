# what: has the process killed first when memory runs out
open("/proc/self/oom_score_adj", "w").write("1000")
