# what: matching of commands
# strict: yes
def run(command):
    match command.split():
        case ["go", ("north" | "south") as direction]:
            return f"going {direction}"
        case ["take", *items] if items:
            return f"taking {', '.join(items)}"
        case ["quit" | "exit"]:
            return "bye"
        case []:
            return "nothing"
        case [verb, *_]:
            return f"cannot {verb}"


[run(c) for c in ("go north", "go up", "take a b", "take", "exit", "")]
