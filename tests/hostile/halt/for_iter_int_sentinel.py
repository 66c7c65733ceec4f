# what: callable iterator whose sentinel never comes
# expect: TIMEOUT
for _ in iter(int, 1):
    pass
