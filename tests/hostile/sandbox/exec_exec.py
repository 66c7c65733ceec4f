# what: executes a text
exec("value = open(CANARY_PATH).read()")
value
