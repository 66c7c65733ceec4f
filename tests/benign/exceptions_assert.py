# what: assertions
# strict: yes
def mean(xs):
    assert xs, "no values"
    return sum(xs) / len(xs)


try:
    mean([])
except AssertionError as e:
    message = str(e)
(message, mean([1, 2]))
