# what: flags and string enumerations
# strict: yes
from enum import Flag, StrEnum, auto


class Permission(Flag):
    READ = auto()
    WRITE = auto()
    EXECUTE = auto()


class Mode(StrEnum):
    FAST = auto()
    SAFE = "very-safe"


rw = Permission.READ | Permission.WRITE
print(rw, Permission.EXECUTE in rw, (rw & Permission.WRITE).name, Mode.FAST, f"{Mode.SAFE:>12}")
(rw.value, Mode("fast") is Mode.FAST, len(Permission))
