# what: a return that ends early
# strict: yes
def check(n):
    return n % 7 == 0


for n in range(1, 100):
    if check(n) and n > 50:
        return {"found": n}
print("never")
