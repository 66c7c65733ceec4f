# title: Descriptors, __init_subclass__ and a tiny record mapper
# kind: llm
class Field:
    def __init__(self, kind, default=None):
        self.kind, self.default = kind, default

    def __set_name__(self, owner, name):
        self.name = name
        owner.fields = {**owner.fields, name: self}

    def __get__(self, instance, owner=None):
        return self if instance is None else instance.__dict__.get(self.name, self.default)

    def __set__(self, instance, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.name}: expected {self.kind.__name__}, got {type(value).__name__}")
        instance.__dict__[self.name] = value


class Record:
    fields, tables = {}, {}

    def __init_subclass__(cls, table=None, **kwargs):
        super().__init_subclass__(**kwargs)
        Record.tables[table or cls.__name__.lower()] = cls

    def __init__(self, **values):
        for name, value in values.items():
            setattr(self, name, value)

    def insert(self):
        names = list(self.fields)
        table = next(name for name, cls in Record.tables.items() if cls is type(self))
        return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", [
            getattr(self, name) for name in names
        ]


class User(Record):
    name = Field(str)
    age = Field(int, 0)


class Order(Record, table="orders"):
    item = Field(str)
    price = Field(float, 0.0)


statements = [User(name="Ada", age=36).insert(), Order(item="pen").insert()]
errors = []
for wrong in ({"age": "old"}, {"name": 3}):
    try:
        User(**wrong)
    except TypeError as error:
        errors.append(str(error))
print(*statements, *errors, sep="\n")
return statements, errors, list(Record.tables)
