# title: Returns an object of a class of its own
# kind: misuse
# expect: RESULT_NOT_SERIALIZABLE
# timeout: 2
class Trojan:
    def __reduce__(self):
        return (print, ("run in the host",))


return {"present": [Trojan()]}
