# what: interrupts the host's main thread
import _thread

_thread.interrupt_main()
for _ in range(1000):
    pass
