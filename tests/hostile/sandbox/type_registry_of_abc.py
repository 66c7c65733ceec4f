# what: lists the classes registered with an abstract one
import _abc
import collections.abc

{"escaped": bool(_abc._get_dump(collections.abc.Sequence)[0]), "proof": "registry"}
