# what: binary records
# strict: yes
import struct
from array import array

packed = struct.pack(">IhB3sd", 1, -2, 255, b"abc", 0.5)
a = array("i", [1, 2, 3])
a.extend([4])
(packed.hex(), struct.unpack(">IhB3sd", packed), struct.calcsize("<qb"), a.tolist(), a.itemsize, list(struct.iter_unpack("<H", b"\1\0\2\0")))
