# what: parses an XML file
import xml.sax

found = []


class Handler(xml.sax.ContentHandler):
    def characters(self, content):
        found.append(content)


xml.sax.parse(CANARY_DIR + "/canary.xml", Handler())
found
