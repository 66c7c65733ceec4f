# what: Newton's method
# strict: yes
def sqrt(x, eps=1e-12):
    guess = x
    for step in range(100):
        better = (guess + x / guess) / 2
        if abs(better - guess) < eps:
            return better, step
        guess = better


value, steps = sqrt(2)
(round(value, 10), steps < 10)
