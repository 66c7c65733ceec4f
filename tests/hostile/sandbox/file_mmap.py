# what: maps a file
import mmap
import os

bytes(mmap.mmap(os.open(CANARY_PATH, os.O_RDONLY), 0, prot=mmap.PROT_READ))
