# what: the value is made of looping subclasses of str, int, float and bytes
# expect: TIMEOUT | SUCCESS | RESULT_NOT_SERIALIZABLE
def spin(*a, **k):
    while True:
        pass


class S(str):
    __len__ = __str__ = __repr__ = __iter__ = encode = __hash__ = __eq__ = spin


class I(int):
    __int__ = __index__ = __repr__ = __str__ = __float__ = to_bytes = bit_length = __bool__ = spin


class F(float):
    __float__ = __repr__ = __str__ = hex = __int__ = spin


class B(bytes):
    __len__ = __iter__ = __bytes__ = __repr__ = __buffer__ = spin


[S("a"), I(5), F(1.5), B(b"x")]
