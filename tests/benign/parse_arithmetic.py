# what: a parser of expressions
import re


def evaluate(text):
    tokens = re.findall(r"\d+\.?\d*|[-+*/()]", text) + [None]

    def factor():
        t = tokens.pop(0)
        if t == "(":
            v = expr()
            tokens.pop(0)
            return v
        return -factor() if t == "-" else float(t)

    def term():
        v = factor()
        while tokens[0] in ("*", "/"):
            v = v * factor() if tokens.pop(0) == "*" else v / factor()
        return v

    def expr():
        v = term()
        while tokens[0] in ("+", "-"):
            v = v + term() if tokens.pop(0) == "+" else v - term()
        return v

    return expr()


[evaluate(t) for t in ("1 + 2 * 3", "(1+2)*3 - -4", "2*(3-(4/8))")]
