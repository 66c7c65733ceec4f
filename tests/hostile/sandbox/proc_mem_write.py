# what: writes the process's memory in /proc
with open("/proc/self/mem", "r+b", 0) as memory:
    memory.seek(VICTIM_ADDRESS)
    memory.write(b"VICTIM")
