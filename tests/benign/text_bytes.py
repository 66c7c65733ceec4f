# what: bytes and encodings
# strict: yes
data = "naïve €".encode()
print(data, data.hex(" "), list(data[:3]))
(data.decode("utf-8"), "é".encode("latin-1"), b"\xff\xfe".decode("utf-8", "replace"), bytes.fromhex("deadbeef"), bytes(bytearray(b"abc").upper()), memoryview(b"abcdef")[1:4].tobytes(), b"a,b".split(b","))
