# what: lists the names that a function uses with inspect
import inspect
import json

{"escaped": "JSONEncoder" in inspect.getclosurevars(json.dumps).globals, "proof": "globals"}
