# what: headings and lists as HTML
# strict: yes
import html
import re

text = "# Title\n\nSome *bold* & `code`.\n\n- one\n- two"
out, in_list = [], False
for line in text.split("\n"):
    line = html.escape(line)
    line = re.sub(r"\*(.+?)\*", r"<b>\1</b>", re.sub(r"`(.+?)`", r"<code>\1</code>", line))
    if line.startswith("- "):
        out += ([] if in_list else ["<ul>"]) + [f"<li>{line[2:]}</li>"]
        in_list = True
        continue
    if in_list:
        out.append("</ul>")
        in_list = False
    if m := re.match(r"(#+) (.*)", line):
        out.append(f"<h{len(m[1])}>{m[2]}</h{len(m[1])}>")
    elif line:
        out.append(f"<p>{line}</p>")
if in_list:
    out.append("</ul>")
"\n".join(out)
