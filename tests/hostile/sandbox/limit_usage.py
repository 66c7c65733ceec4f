# what: asks what the process has used
import resource

{"escaped": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0, "proof": "memory"}
