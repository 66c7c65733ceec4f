# what: makes a raw file of the host's standard error
import io

io.FileIO(2, "w", closefd=False).write(b"x")
