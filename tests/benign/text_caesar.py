# what: a cipher
# strict: yes
def caesar(text, k):
    out = []
    for c in text:
        if c.isalpha():
            base = ord("A" if c.isupper() else "a")
            c = chr((ord(c) - base + k) % 26 + base)
        out.append(c)
    return "".join(out)


secret = caesar("Hello, World!", 3)
(secret, caesar(secret, -3), secret.swapcase(), caesar("xyz", 13))
