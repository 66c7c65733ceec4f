# what: reaches builtins as enum.bltns
import enum

enum.bltns.open(CANARY_PATH).read()
