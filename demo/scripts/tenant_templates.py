# title: Letters from templates, escaped for HTML
# kind: tenant
import html
from string import Template

letter = Template("<p>Dear $name,</p><p>you ordered $count ${thing}${plural} for $$$price.</p>")


class Shouting(Template):
    delimiter = "%"
    idpattern = "[A-Z]+"


rows = [
    {"name": "O'Neil & Sons", "count": 2, "thing": "<b>bold</b> pen", "price": "4.50"},
    {"name": "Zoë", "count": 1, "thing": "desk", "price": "129.00"},
]
letters = []
for row in rows:
    safe = {key: html.escape(str(value)) for key, value in row.items()}
    letters.append(letter.substitute(safe, plural="" if row["count"] == 1 else "s"))
    print(letters[-1])
try:
    letter.substitute(rows[0])
except KeyError as error:
    missing = error.args[0]
shout = Shouting("%HELLO, 100%% of %WHO").safe_substitute(HELLO="hey")
[*letters, missing, shout, html.unescape("&lt;&eacute;&#8364;&gt;")]
