# what: listens to the interpreter's audit events
import sys

heard = []
sys.addaudithook(lambda event, args: heard.append(event))
exec("1")
{"escaped": len(heard) > 0, "proof": heard}
