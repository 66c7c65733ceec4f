# title: A context manager that swallows every exit
# kind: loop
# expect: TIMEOUT
# timeout: 0.15
class Swallow:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return True


while True:
    with Swallow(), Swallow():
        while True:
            pass
