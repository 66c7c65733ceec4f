# what: has a tree include a file
import xml.etree.ElementInclude

xml.etree.ElementInclude.default_loader(CANARY_PATH, "text")
