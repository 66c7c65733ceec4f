# title: Hashes of the modules' sources by four algorithms
# kind: tenant
# data: files = sources:csv,heapq,json.encoder,keyword,uuid
import hashlib

manifest = {}
for module, source in files.items():
    data = source.encode()
    manifest[module] = {
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "blake2s": hashlib.blake2s(data, digest_size=16).hexdigest(),
        "sha3_256": hashlib.sha3_256(data).digest(),
        "chain": None,
    }
chain = b""
for module in sorted(manifest):
    chain = hashlib.sha512(chain + manifest[module]["sha3_256"]).digest()
    manifest[module]["chain"] = chain[:8].hex()
    print(module, manifest[module]["sha256"][:16], manifest[module]["chain"])
manifest
