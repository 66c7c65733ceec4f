# what: parses an XML file into a tree
import xml.etree.ElementTree as ET

ET.parse(CANARY_DIR + "/canary.xml").getroot().text
