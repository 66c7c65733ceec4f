# what: makes a file of the host's standard input
open(0, closefd=False).read()
