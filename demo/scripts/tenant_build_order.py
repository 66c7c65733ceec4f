# title: Jobs in the order of their dependencies, in waves
# kind: tenant
from graphlib import CycleError, TopologicalSorter

jobs = {
    "compile": {"fetch", "configure"},
    "configure": {"fetch"},
    "test": {"compile", "data"},
    "docs": {"configure"},
    "package": {"test", "docs"},
    "publish": {"package"},
    "data": set(),
    "fetch": set(),
}
minutes = {
    "compile": 12,
    "configure": 2,
    "test": 20,
    "docs": 6,
    "package": 3,
    "publish": 1,
    "data": 9,
    "fetch": 4,
}
sorter = TopologicalSorter(jobs)
sorter.prepare()
waves, finished = [], {}
while sorter.is_active():
    ready = sorted(sorter.get_ready())
    waves.append(ready)
    for job in ready:
        finished[job] = minutes[job] + max((finished[need] for need in jobs[job]), default=0)
        sorter.done(job)
    print(f"wave {len(waves)}: {', '.join(ready)}")
try:
    TopologicalSorter({**jobs, "fetch": {"publish"}}).prepare()
except CycleError as error:
    cycle = len(error.args[1]) - 1
return {"waves": waves, "critical": finished["publish"], "cycle": cycle}
