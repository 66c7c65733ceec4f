# what: makes a temporary file without a name
import tempfile

with tempfile.TemporaryFile() as file:
    file.write(b"x")
    number = file.fileno()
{"escaped": number >= 0, "proof": "descriptor"}
