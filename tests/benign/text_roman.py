# what: Roman numerals
# strict: yes
PAIRS = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]


def roman(n):
    out = ""
    for value, sign in PAIRS:
        count, n = divmod(n, value)
        out += sign * count
    return out


[roman(n) for n in (1, 4, 9, 14, 40, 90, 400, 1994, 2024)]
