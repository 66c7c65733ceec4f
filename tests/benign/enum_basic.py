# what: enumerations
# strict: yes
from enum import Enum, IntEnum, auto, unique


@unique
class Color(Enum):
    RED = auto()
    GREEN = auto()
    BLUE = auto()

    def next(self):
        members = list(Color)
        return members[(members.index(self) + 1) % len(members)]


class Level(IntEnum):
    LOW = 1
    HIGH = 5


print(Color.RED, repr(Color.BLUE.next()), Color["GREEN"].value, Level.HIGH > 3)
try:
    Color(9)
except ValueError as e:
    print(e)
[c.name for c in Color]
