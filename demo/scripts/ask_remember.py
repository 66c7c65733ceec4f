# title: Notes kept with the host between the steps of a plan
# kind: llm
plan = ["collect", "sort", "report"]
call_tool("store", {"key": "remember/log", "value": []})
for step in plan:
    log = call_tool("fetch", {"key": "remember/log"})
    match step:
        case "collect":
            names = call_tool("list_modules", {})
            call_tool("store", {"key": "remember/names", "value": names[::-1]})
        case "sort":
            names = call_tool("fetch", {"key": "remember/names"})
            call_tool("store", {"key": "remember/names", "value": sorted(names, key=lambda n: (len(n), n))})
        case "report":
            names = call_tool("fetch", {"key": "remember/names"})
            print("shortest:", names[:5])
            print("longest :", names[-3:])
    call_tool("store", {"key": "remember/log", "value": [*log, (step, len(names))]})
call_tool("fetch", {"key": "remember/log"})
