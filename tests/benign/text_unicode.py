# what: letters of the world
# strict: yes
import unicodedata

s = "Crème Brûlée — naïve café №5 ½"
plain = "".join(c for c in unicodedata.normalize("NFD", s) if not unicodedata.combining(c))
print(plain, len(s), len(s.encode()), unicodedata.name("é"))
("ß".upper(), "İ".lower() == "i̇", "straße".casefold(), unicodedata.category("5"), unicodedata.numeric("½"), "日本"[::-1])
