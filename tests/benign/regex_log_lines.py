# what: fields of log lines
# strict: yes
import re

log = """2024-05-01 12:00:03 ERROR db: connection lost (code=17)
2024-05-01 12:00:09 INFO web: 200 GET /
2024-05-01 12:01:44 ERROR web: 500 GET /x (code=3)"""
line = re.compile(r"(?P<day>\S+) (?P<time>\S+) (?P<level>[A-Z]+) (?P<who>\w+): (?P<text>.*?)(?: \(code=(?P<code>\d+)\))?$")
rows = [line.match(l).groupdict() for l in log.splitlines()]
[(r["who"], int(r["code"])) for r in rows if r["level"] == "ERROR"]
