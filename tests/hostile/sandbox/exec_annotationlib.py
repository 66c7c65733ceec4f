# what: has annotationlib evaluate a forward reference
# python: >=3.14
import annotationlib

annotationlib.ForwardRef("open(p).read()").evaluate(globals={"p": CANARY_PATH})
