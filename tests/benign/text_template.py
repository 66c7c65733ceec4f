# what: templates
# strict: yes
from string import Template

t = Template("Dear $name, you owe $$${amount}.")
print(t.substitute(name="Ann", amount=5))
try:
    t.substitute(name="x")
except KeyError as e:
    print("missing", e)
(t.safe_substitute(name="Bob"), "{0} {1} {0} {k}".format("a", "b", k="c"), "{:>{w}}".format("x", w=4))
