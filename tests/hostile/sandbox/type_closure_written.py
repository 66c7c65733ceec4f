# what: changes what a library's function closes over
import functools

dispatch = functools.singledispatch(lambda value: 1)
cell = next(c for c in dispatch.__closure__ if callable(c.cell_contents))
cell.cell_contents = lambda cls: lambda value: TOKEN
dispatch(1)
