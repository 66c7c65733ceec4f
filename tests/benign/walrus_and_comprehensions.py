# what: assignments in expressions
# strict: yes
import re

lines = ["k=1", "bad", "z=26"]
found = {m[1]: int(m[2]) for line in lines if (m := re.match(r"(\w)=(\d+)", line))}
print(found, [y := 5, y**2], {c for c in "hello"} == set("helo"))
([(x, y) for x in range(3) for y in range(x)], list(map(lambda p: p[0] + p[1], zip([1, 2], [3, 4]))))
