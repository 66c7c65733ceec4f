# what: takes the globals of a property's getter
import fractions

fractions.Fraction.numerator.fget.__globals__["sys"].modules["io"].open(CANARY_PATH).read()
