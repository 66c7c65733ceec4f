# title: Share of comments and docstrings per module
# kind: llm
# data: files = sources:cmd,queue,shlex,sched,reprlib,copy
import io
import tokenize

table = []
for module, source in files.items():
    comment = docstring = 0
    fresh = True  # whether a string here would be a docstring
    for item in tokenize.generate_tokens(io.StringIO(source).readline):
        if item.type == tokenize.COMMENT:
            comment += len(item.string)
        elif item.type == tokenize.STRING and fresh:
            docstring += len(item.string)
        if item.type not in (tokenize.COMMENT, tokenize.NL):
            fresh = item.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    table.append((module, len(source), comment, docstring))
table.sort(key=lambda row: (-(row[2] + row[3]) / row[1], row[0]))
for module, size, comment, docstring in table:
    print(f"{module:10} {100 * comment / size:5.1f} % comments {100 * docstring / size:5.1f} % docstrings")
table
