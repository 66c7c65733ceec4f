# what: limits a process by its number
import resource

resource.prlimit(0, resource.RLIMIT_FSIZE, (1 << 40, 1 << 40))
