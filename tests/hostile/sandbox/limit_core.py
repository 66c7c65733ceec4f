# what: limits the host's core dumps
import resource

resource.setrlimit(resource.RLIMIT_CORE, (4096, 4096))
