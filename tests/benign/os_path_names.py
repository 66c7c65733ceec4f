# what: names put together with os.path
import os

p = os.path.join("data", "in", "file.txt")
print(p, os.path.basename(p), os.path.dirname(p), os.path.splitext(p)[1], os.sep, repr(os.linesep))
(os.path.normpath("a//b/../c"), os.path.split("/x/y"), os.path.isabs("/x"), os.path.commonprefix(["abc", "abd"]), os.path.commonpath(["/a/b", "/a/c"]))
