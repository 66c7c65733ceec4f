# what: a Y combinator called again and again
# expect: TIMEOUT
# batch: loops
Y = lambda f: (lambda x: x(x))(lambda y: f(lambda *a: y(y)(*a)))
fac = Y(lambda f: lambda n: 1 if n < 2 else n * f(n - 1))
while fac(20):
    pass
