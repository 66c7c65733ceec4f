# what: an error that nobody catches
# strict: yes
def f(n):
    return 10 // n


print("before")
[f(n) for n in (5, 2, 0)]
