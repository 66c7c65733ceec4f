# what: makes a pool of processes
import concurrent.futures
import multiprocessing

with concurrent.futures.ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
    text = pool.submit(open, MARKER_PATH, "w").exception(2)
str(text)
