# what: long numbers
# strict: yes
n = 3**200
print(n, len(str(2**1000)), (7**120) % 1000, pow(7, 120, 1000))
(n.bit_length(), int.from_bytes(n.to_bytes(40, "big"), "big") == n, n // 10**90, -7 // 2, -7 % 3, round(2.5), round(-12345, -2))
