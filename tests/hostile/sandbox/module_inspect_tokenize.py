# what: reaches tokenize as inspect.tokenize
import inspect

inspect.tokenize.open(CANARY_PATH).read()
