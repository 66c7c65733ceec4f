# what: writelines of endless empty lines into a memory stream
# expect: TIMEOUT
# batch: iterators
import io
import itertools

io.BytesIO().writelines(itertools.repeat(b""))
