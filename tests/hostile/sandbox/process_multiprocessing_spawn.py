# what: has multiprocessing start a new interpreter
import multiprocessing.util
import os

r, w = os.pipe()
pid = multiprocessing.util.spawnv_passfds(b"/bin/sh", [b"sh", b"-c", b"echo >" + MARKER_PATH.encode()], [w])
os.waitpid(pid, 0)
