# what: parses an XML file step by step
import xml.etree.ElementTree as ET

[element.text for _, element in ET.iterparse(CANARY_DIR + "/canary.xml")]
