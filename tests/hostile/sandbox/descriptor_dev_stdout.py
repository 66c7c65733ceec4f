# what: opens the host's standard output by name
with open("/dev/stdout", "a") as file:
    file.write("x")
