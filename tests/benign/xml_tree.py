# what: an XML tree
# python: >=3.13
import xml.etree.ElementTree as ET

root = ET.fromstring('<shop><item id="1" price="2.5">pen</item><item id="2" price="10">book</item></shop>')
print([(i.get("id"), i.text) for i in root.iter("item")], root.find("item[@id='2']").text)
ET.SubElement(root, "item", id="3").text = "a < b"
(ET.tostring(root, "unicode"), sum(float(i.get("price", 0)) for i in root))
