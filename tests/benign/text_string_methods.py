# what: methods of str
# strict: yes
s = "  Hello World, hello Python  "
print(s.strip().title(), s.count("ello"), s.find("World"), s.replace("l", "L", 2))
("a,b,,c".split(","), "k=v=w".partition("="), "x".join("abc"), "abc".center(9, "-"), "Tab\tx".expandtabs(4), "AbC".swapcase(), "42".zfill(5), "abc".startswith(("x", "a")), "one\ntwo".splitlines(), "prefix_x".removeprefix("prefix_"))
