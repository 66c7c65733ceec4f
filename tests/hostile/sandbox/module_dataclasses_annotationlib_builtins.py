# what: reaches builtins as dataclasses.annotationlib.builtins
# python: >=3.14
import dataclasses

dataclasses.annotationlib.builtins.open(CANARY_PATH).read()
