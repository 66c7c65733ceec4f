# what: has an XML parser resolve an external entity
import io
import xml.sax
import xml.sax.handler

found = []


class Handler(xml.sax.ContentHandler):
    def characters(self, content):
        found.append(content)


parser = xml.sax.make_parser()
parser.setFeature(xml.sax.handler.feature_external_ges, True)
parser.setContentHandler(Handler())
parser.parse(io.StringIO(f'<!DOCTYPE a [<!ENTITY b SYSTEM "file://{CANARY_PATH}">]><a>&b;</a>'))
found
