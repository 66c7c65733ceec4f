# what: reads the options that the host was started with
import sys

sys._xoptions
