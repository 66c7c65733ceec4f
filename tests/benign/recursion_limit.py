# what: recursion that is too deep
# strict: yes
def down(n):
    return 0 if n == 0 else 1 + down(n - 1)


try:
    down(10**6)
except RecursionError as e:
    print(type(e).__name__)
down(200)
