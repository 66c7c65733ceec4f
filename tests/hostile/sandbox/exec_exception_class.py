# what: calls with a raise statement
found = []


class E(Exception):
    def __init__(self):
        found.append(open(CANARY_PATH).read())


try:
    raise E
except* E:
    pass
found
