# what: unpacking
# strict: yes
a, (b, *c), d = 1, (2, 3, 4), "x"
first, *_, last = "hello"
x, y = y, x = 1, 2
(a, b, c, d, first, last, x, y, [*range(2), *"ab"], {**{"k": 1}, "k": 2})
