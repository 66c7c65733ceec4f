# what: all kinds of parameters
# strict: yes
def f(a, b=2, /, c=3, *args, d, e=5, **kwargs):
    return (a, b, c, args, d, e, sorted(kwargs.items()))


try:
    f(1)
except TypeError as e:
    print(e)
[f(1, d=4), f(1, 2, 3, 4, 5, d=6, z=7), f(*[1, 2], **{"d": 0, "b": 9})]
