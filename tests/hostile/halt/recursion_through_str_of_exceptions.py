# what: the text of exceptions that raise exceptions
# expect: TIMEOUT
class E(Exception):
    def __str__(self):
        raise E from self


while True:
    try:
        str(E())
    except E:
        pass
