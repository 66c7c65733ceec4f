# what: makes a pool of threads with multiprocessing
import multiprocessing.dummy

process = multiprocessing.dummy.Process(target=print, args=(TOKEN,))
process.start()
process.join()
