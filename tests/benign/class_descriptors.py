# what: a descriptor that knows its name
class Positive:
    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        return self if instance is None else instance.__dict__[self.name]

    def __set__(self, instance, value):
        if value <= 0:
            raise ValueError(f"{self.name} must be positive, got {value}")
        instance.__dict__[self.name] = value


class Product:
    price = Positive()
    count = Positive()

    def __init__(self, price, count):
        self.price, self.count = price, count


p = Product(2.5, 4)
try:
    p.count = -1
except ValueError as error:
    print(error)
p.price * p.count
