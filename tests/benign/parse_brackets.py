# what: brackets that match
# strict: yes
def balanced(text):
    pairs, stack = {")": "(", "]": "[", "}": "{"}, []
    for c in text:
        if c in pairs.values():
            stack.append(c)
        elif c in pairs and (not stack or stack.pop() != pairs[c]):
            return False
    return not stack


[balanced(t) for t in ("([]{})", "([)]", "((", "", "a(b[c]d)e")]
