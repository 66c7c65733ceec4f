# what: connects with poplib
import poplib

poplib.POP3("127.0.0.1", TCP_PORT)
