# what: reaches builtins as re.enum.bltns
import re

re.enum.bltns.open(CANARY_PATH).read()
