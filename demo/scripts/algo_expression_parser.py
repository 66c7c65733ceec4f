# title: A calculator: tokens by regex, precedence climbing
# kind: llm
import math
import re

TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z]+)|(?P<op>\*\*|[-+*/()]))")
LEVEL = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 4}


def tokens(text):
    at = 0
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        if not match:
            raise SyntaxError(f"unexpected {text[at]!r} at {at}")
        at = match.end()
        yield match.lastgroup, match[match.lastgroup]
    yield "end", ""


class Parser:
    def __init__(self, text):
        self.items = list(tokens(text))
        self.at = 0

    def take(self):
        self.at += 1
        return self.items[self.at - 1]

    def expression(self, minimum=0):
        left = self.atom()
        while (op := self.items[self.at][1]) in LEVEL and LEVEL[op] > minimum:
            self.take()
            right = self.expression(LEVEL[op] - (op == "**"))
            left = {
                "+": left.__add__,
                "-": left.__sub__,
                "*": left.__mul__,
                "/": left.__truediv__,
                "**": left.__pow__,
            }[op](right)
        return left

    def atom(self):
        match self.take():
            case "number", text:
                return float(text)
            case "op", "-":
                return -self.expression(3)
            case "op", "(":
                value = self.expression()
                if self.take() != ("op", ")"):
                    raise SyntaxError("a parenthesis is open")
                return value
            case "name", "pi":
                return math.pi
            case "name", ("sqrt" | "sin" | "log") as name:
                return getattr(math, name)(self.atom())
            case _, text:
                raise SyntaxError(f"unexpected {text or 'end'!r}")


results = {}
for text in [
    "1 + 2 * 3",
    "2 ** 3 ** 2",
    "-2 ** 2",
    "(1 + 2) * 3 / 4",
    "sqrt(2) * sqrt 8",
    "1 +",
    "2 $ 3",
    "(1",
]:
    try:
        results[text] = round(Parser(text).expression(), 12)
    except SyntaxError as error:
        results[text] = str(error)
    print(f"{text:18} = {results[text]}")
results
