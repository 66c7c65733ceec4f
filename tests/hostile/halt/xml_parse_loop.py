# what: XML parsed for ever by expat, or a text scanner where expat does not load
# expect: TIMEOUT
# batch: computing
try:
    import xml.parsers.expat as expat
except ImportError:
    expat = None
text = "<a>" + "<b c='d'>text &amp; more</b>" * 10000 + "</a>"
while True:
    if expat:
        expat.ParserCreate().Parse(text, True)
    else:
        import html

        html.unescape(text)
