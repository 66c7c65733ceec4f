# what: starts a process with multiprocessing
import multiprocessing

context = multiprocessing.get_context("fork")
process = context.Process(target=open, args=(MARKER_PATH, "w"))
process.start()
process.join()
