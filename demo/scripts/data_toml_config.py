# title: A configuration in TOML, merged over its defaults and checked
# kind: tenant
import tomllib
from datetime import date

TEXT = """
title = "nightly"
[schedule]
start = 2024-05-01
every_hours = 6
[[steps]]
name = "extract"
retries = 3
[[steps]]
name = "load"
needs = ["extract"]
[limits]
memory = 0x4000_0000
ratio = 0.75
"""
DEFAULTS = {"schedule": {"every_hours": 24, "zone": "UTC"}, "limits": {"memory": 1 << 28, "seconds": 60}}


def merge(base, over):
    if isinstance(base, dict) and isinstance(over, dict):
        return {key: merge(base.get(key), over.get(key)) for key in [*base, *(over.keys() - base.keys())]}
    return base if over is None else over


config = merge(DEFAULTS, tomllib.loads(TEXT))
problems = []
if config["schedule"]["start"] < date(2024, 6, 1):
    problems.append("starts before June")
names = {step["name"] for step in config["steps"]}
for step in config["steps"]:
    problems += [f"{step['name']} needs {need}" for need in step.get("needs", []) if need not in names]
    step.setdefault("retries", 0)
print("problems:", problems or "none")
{key: config[key] for key in sorted(config)}, problems
