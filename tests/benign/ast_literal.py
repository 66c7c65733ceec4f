# what: literals from text
# strict: yes
import ast

found = [ast.literal_eval(t) for t in ("[1, (2, 'x')]", "{'a': {1, 2}}", "-3.5", "b'z'")]
for bad in ("f()", "1 +", "a"):
    try:
        ast.literal_eval(bad)
    except (ValueError, SyntaxError) as e:
        found.append(type(e).__name__)
found
