# what: tools in a loop
# strict: yes
totals = {}
for city in ("Oslo", "Rome", "Cairo"):
    totals[city] = call_tool("weather", {"city": city})["temperature"]
warmest = max(totals, key=totals.get)
return {"warmest": warmest, "mean": round(sum(totals.values()) / len(totals), 2)}
