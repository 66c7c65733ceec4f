# what: takes the function below a decorator
import functools
import re

re.purge.__globals__["enum"].bltns.open(CANARY_PATH).read() and functools.wraps(re.purge)(lambda: 0).__wrapped__.__globals__[
    "enum"
].bltns.open(CANARY_PATH).read()
