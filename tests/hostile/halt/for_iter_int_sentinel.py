# what: callable iterator whose sentinel never comes
# expect: TIMEOUT
# batch: loops
for _ in iter(int, 1):
    pass
