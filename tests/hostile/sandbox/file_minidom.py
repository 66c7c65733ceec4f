# what: parses an XML file into a document
import xml.dom.minidom

xml.dom.minidom.parse(CANARY_DIR + "/canary.xml").documentElement.toxml()
