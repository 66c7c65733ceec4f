# what: calls with a decorator
import io


@io.open
@lambda cls: CANARY_PATH
class found:
    pass


found.read()
