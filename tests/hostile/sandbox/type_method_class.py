# what: takes a class from a method of a built-in function's type
{"escaped": type(len).__call__.__objclass__.__base__.__subclasses__() != [], "proof": "subclasses"}
