# what: makes shared memory with the module below
import _posixshmem
import os

fd = _posixshmem.shm_open("/enclave_marker", os.O_CREAT | os.O_RDWR, 0o600)
_posixshmem.shm_unlink("/enclave_marker")
{"escaped": fd >= 0, "proof": "descriptor"}
