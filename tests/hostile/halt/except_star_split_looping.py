# what: except* asks the group's own split, which never returns
# expect: TIMEOUT
class G(ExceptionGroup):
    def split(self, condition):
        while True:
            pass

    subgroup = split


try:
    raise G("g", [ValueError()])
except* ValueError:
    pass
