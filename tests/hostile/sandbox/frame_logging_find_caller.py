# what: has logging name who called it
import logging

row = logging.getLogger().findCaller(stack_info=True, stacklevel=1)
{"escaped": row[3].count("File") > 1, "proof": "rows"}
