# what: class and static methods, alternative constructors
# strict: yes
class Date:
    def __init__(self, y, m, d):
        self.parts = (y, m, d)

    @classmethod
    def parse(cls, text):
        return cls(*map(int, text.split("-")))

    @staticmethod
    def leap(y):
        return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)

    def __str__(self):
        return "{:04}-{:02}-{:02}".format(*self.parts)


print(Date.parse("2024-2-9"), [y for y in range(1896, 1910) if Date.leap(y)])
Date.parse("1999-12-31").parts
