# what: takes the builtins with a pattern
match globals():
    case {"__builtins__": scope}:
        pass
(scope["open"] if isinstance(scope, dict) else scope.open)(CANARY_PATH).read()
