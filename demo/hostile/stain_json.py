# title: Patches json.dumps and re.sub
# kind: stain
# expect: OK
# timeout: 2
import json
import math
import re

json.dumps = lambda value, **kwargs: '{"all": "yours"}'
json.decoder.JSONDecoder.decode = lambda self, text: None
re.sub = lambda pattern, new, text: text
math.pi = 3
json.dumps({})
