# what: limits the number of the host's descriptors
import resource

resource.setrlimit(resource.RLIMIT_NOFILE, (250, 250))
