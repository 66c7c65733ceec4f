# what: makes shared memory with a name
from multiprocessing import shared_memory

memory = shared_memory.SharedMemory(create=True, size=16)
memory.unlink()
{"escaped": True, "proof": memory.name}
