# what: abstract base, subclasses, super()
# strict: yes
from abc import ABC, abstractmethod
import math


class Shape(ABC):
    def __init__(self, name):
        self.name = name

    @abstractmethod
    def area(self): ...

    def __repr__(self):
        return f"{type(self).__name__}({self.name!r}, {self.area():.2f})"


class Circle(Shape):
    def __init__(self, r):
        super().__init__("circle")
        self.r = r

    def area(self):
        return math.pi * self.r**2


class Square(Shape):
    def __init__(self, a):
        super().__init__("square")
        self.a = a

    def area(self):
        return self.a**2


shapes = sorted([Circle(1), Square(3), Circle(0.5)], key=lambda s: s.area())
print(*shapes, sep="\n")
try:
    Shape("x")
except TypeError as error:
    print(type(error).__name__)
[s.name for s in shapes]
