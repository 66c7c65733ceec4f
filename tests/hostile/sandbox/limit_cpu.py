# what: limits the host's processor time
import resource

resource.setrlimit(resource.RLIMIT_CPU, (10_000, 10_000))
