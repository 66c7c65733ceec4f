# what: finds a user's home folder
import os.path

home = os.path.expanduser("~root")
{"escaped": home.startswith("/"), "proof": home}
