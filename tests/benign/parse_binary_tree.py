# what: a tree read from text and measured
# strict: yes
def parse(tokens):
    t = tokens.pop(0)
    if t == "(":
        left, value, right = parse(tokens), tokens.pop(0), parse(tokens)
        tokens.pop(0)
        return (left, value, right)
    return None


def depth(t):
    return 0 if t is None else 1 + max(depth(t[0]), depth(t[2]))


tree = parse("( ( . a . ) b ( . c ( . d . ) ) )".split())
(tree, depth(tree))
