# what: maps a descriptor of the host's
import mmap

bytes(mmap.mmap(CANARY_FD, 0, prot=mmap.PROT_READ))
