# what: text wrapped and indented
# strict: yes
import textwrap

text = "The quick brown fox jumps over the lazy dog near the river bank on a sunny day."
print(textwrap.fill(text, 30, initial_indent="* ", subsequent_indent="  "))
print(textwrap.shorten(text, 30, placeholder=" ..."))
textwrap.indent(textwrap.dedent("    a\n      b\n"), "> ")
