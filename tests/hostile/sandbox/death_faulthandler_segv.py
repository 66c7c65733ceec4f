# what: crashes with a function for tests
import faulthandler

faulthandler._sigsegv()
