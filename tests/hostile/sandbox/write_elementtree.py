# what: writes an XML tree
import xml.etree.ElementTree as ET

ET.ElementTree(ET.Element("x")).write(MARKER_PATH)
