# what: reads the process's memory in /proc
with open("/proc/self/mem", "rb", 0) as memory:
    memory.seek(CANARY_ADDRESS)
    text = memory.read(CANARY_SIZE)
text
