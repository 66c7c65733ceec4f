# what: MemoryError raised without an allocation
# expect: EXECUTION_ERROR
raise MemoryError("by hand")
