# title: What heapq and bisect have in common
# kind: user
# data: files = sources:heapq,bisect
import ast
import difflib


def normal(source):
    """The code without comments, docstrings and layout."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            if isinstance(body[0].value, ast.Constant):
                body[0] = ast.Pass()
    return ast.unparse(tree).splitlines()


left, right = (normal(files[name]) for name in ("heapq", "bisect"))
same = difflib.SequenceMatcher(None, left, right).get_matching_blocks()
for block in same:
    if block.size > 1:
        print("\n".join(left[block.a : block.a + block.size]), "\n--")
return {"lines": (len(left), len(right)), "common": sum(block.size for block in same)}
