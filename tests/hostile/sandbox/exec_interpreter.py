# what: executes a text with the module code
import code

scope = {"p": CANARY_PATH}
code.InteractiveInterpreter(scope).runsource("value = open(p).read()")
scope["value"]
