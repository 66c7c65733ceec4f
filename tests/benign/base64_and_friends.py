# what: binary data as text
import base64
import binascii
import zlib

data = b"\x00\xffhello world" * 3
packed = zlib.compress(data)
print(base64.b64encode(data)[:20], base64.urlsafe_b64encode(b"\xfb\xff"), base64.b32encode(b"hi"))
(zlib.decompress(packed) == data, len(packed) < len(data), zlib.crc32(data), binascii.hexlify(b"ab"), base64.b85decode(base64.b85encode(data)) == data, base64.b16encode(b"\x0f"))
