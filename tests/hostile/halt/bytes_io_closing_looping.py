# what: close() of a subclass of an io class loops as the object goes
# expect: TIMEOUT
import io


class B(io.BytesIO):
    def close(self):
        while True:
            pass


x = B()
del x
