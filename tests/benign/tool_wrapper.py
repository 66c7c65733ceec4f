# what: a tool wrapped in a function with checks
# strict: yes
def weather(city: str) -> float:
    if not city.isalpha():
        raise ValueError(f"not a city: {city!r}")
    return call_tool("weather", {"city": city})["temperature"]


report = []
for city in ("Oslo", "R2D2", "Atlantis"):
    try:
        report.append((city, weather(city)))
    except (ValueError, ToolError) as e:
        report.append((city, str(e)))
report
