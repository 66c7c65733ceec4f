# title: Records checked against a schema, errors collected with their path
# kind: tenant
from dataclasses import asdict, dataclass, field
from enum import Enum


class Plan(Enum):
    FREE = "free"
    TEAM = "team"
    SCALE = "scale"


@dataclass(slots=True)
class Account:
    name: str
    plan: Plan
    seats: int
    tags: list = field(default_factory=list)


def read(record, index):
    errors = []
    name = record.get("name")
    if not isinstance(name, str) or not name.strip():
        errors.append(f"$[{index}].name: expected a name, got {name!r}")
    try:
        plan = Plan(record.get("plan"))
    except ValueError as error:
        errors.append(f"$[{index}].plan: {error}")
    seats = record.get("seats", 1)
    if not isinstance(seats, int) or not 1 <= seats <= 500:
        errors.append(f"$[{index}].seats: expected 1 to 500, got {seats!r}")
    return (None, errors) if errors else (Account(name, plan, seats, record.get("tags", [])), [])


records = [
    {"name": "Ada", "plan": "team", "seats": 12, "tags": ["eu"]},
    {"name": "", "plan": "free"},
    {"name": "Bo", "plan": "gold", "seats": 0},
    {"name": "Cy", "plan": "scale", "seats": 499},
]
good, bad = [], []
for index, record in enumerate(records):
    account, errors = read(record, index)
    bad += errors
    if account:
        good.append({**asdict(account), "plan": account.plan.value})
print(*bad, sep="\n")
return good, bad
