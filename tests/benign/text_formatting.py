# what: tables by format specifications
# strict: yes
rows = [("apple", 3, 1.25), ("kiwi", 12, 0.4), ("watermelon", 1, 3.999)]
print(f"{'item':<12}|{'n':^5}|{'price':>8}")
for name, n, price in rows:
    print(f"{name:<12}|{n:^5}|{price:>8.2f}")
width = 20
("%-5s|%05d|%+.1e" % ("ab", 42, 12345.678), f"{'mid':*^{width}}", f"{3.14159:.{2}f}", f"{1234567:_}", f"{'x'!r:>5}")
