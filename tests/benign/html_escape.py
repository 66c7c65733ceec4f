# what: HTML
# strict: yes
import html
from html.parser import HTMLParser


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.text = [], []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.links.append(dict(attrs).get("href"))

    def handle_data(self, data):
        self.text.append(data.strip())


p = Links()
p.feed('<p>See <a href="/x">this</a> &amp; <a href="/y?a=1">that</a></p>')
(p.links, p.text, html.escape('<a b="c">'), html.unescape("&lt;&eacute;&#39;"))
