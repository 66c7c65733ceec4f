# what: changes the working directory with contextlib
import contextlib

contextlib.chdir("/").__enter__()
