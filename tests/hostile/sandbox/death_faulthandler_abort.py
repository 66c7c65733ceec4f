# what: aborts with a function for tests
import faulthandler

faulthandler._sigabrt()
