# what: operations on bits
# strict: yes
def bits(n):
    return [i for i in range(n.bit_length()) if n >> i & 1]


(bits(0b101101), 6 ^ 3, ~5 & 0xFF, (13).bit_count(), 1 << 10, f"{37:08b}", {bin(i ^ (i >> 1))[2:].zfill(3) for i in range(8)} == {f"{i:03b}" for i in range(8)})
