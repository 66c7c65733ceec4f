# what: notes added to an exception
# expect: MEMORY_LIMIT_EXCEEDED
e = ValueError()
while True:
    e.add_note("note " * 20)
