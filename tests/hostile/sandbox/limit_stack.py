# what: limits the host's stack
import resource

resource.setrlimit(resource.RLIMIT_STACK, (1 << 22, 1 << 22))
