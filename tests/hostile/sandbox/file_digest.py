# what: has a file's digest computed to guess its content
import hashlib

hashlib.file_digest(open(CANARY_PATH, "rb"), "sha256").digest() and TOKEN
