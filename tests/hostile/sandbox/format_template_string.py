# what: substitutes in a template string
# python: >=3.14
import json

template = t"{json.dumps.__globals__}"
template.interpolations[0].value["codecs"].open(CANARY_PATH).read()
