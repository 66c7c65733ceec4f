# what: has an alarm sent to the process
import signal

signal.alarm(1000)
