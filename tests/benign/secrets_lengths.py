# what: random words of a length
import secrets
import string

token = secrets.token_hex(8)
password = "".join(secrets.choice(string.ascii_letters) for _ in range(12))
(len(token), len(password), password.isalpha(), secrets.compare_digest("a", "b"), 0 <= secrets.randbelow(5) < 5)
