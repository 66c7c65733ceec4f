# what: numbers in other bases
def to_base(n, b):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    out = ""
    while n:
        n, d = divmod(n, b)
        out = digits[d] + out
    return out or "0"


[to_base(255, b) for b in (2, 7, 16, 36)] + [int("ff", 16), f"{255:#b} {255:o} {1e6:,.0f} {0.256:.1%}", bin(-5), hex(10)]
