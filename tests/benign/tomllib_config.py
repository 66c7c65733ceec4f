# what: a TOML file's text
# strict: yes
import tomllib

config = tomllib.loads("""
title = "demo"
[server]
ports = [80, 443]
when = 2024-05-01T10:00:00Z
[[users]]
name = "a"
[[users]]
name = "b"
""")
try:
    tomllib.loads("x = ")
except tomllib.TOMLDecodeError:
    print("bad")
(config["server"]["ports"], [u["name"] for u in config["users"]], config["server"]["when"].year)
