# what: has traceback show the local variables of all frames
import traceback

summary = traceback.StackSummary.extract(traceback.walk_stack(None), capture_locals=True)
{"escaped": sum(bool(row.locals) for row in summary) > 1, "proof": "locals"}
