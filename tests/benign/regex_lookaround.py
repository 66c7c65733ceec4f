# what: lookaround and verbose patterns
# strict: yes
import re

strong = re.compile(
    r"""^(?=.*[a-z])   # a small letter
         (?=.*[A-Z])   # a capital
         (?=.*\d)      # a digit
         (?!.*\s)      # no blank
         .{8,}$""",
    re.X,
)
print(re.sub(r"(?<=\d)(?=(\d{3})+$)", ",", "1234567"))
[bool(strong.match(p)) for p in ("Passw0rd", "password", "Pass w0rd", "P4ss")]
