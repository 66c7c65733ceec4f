# what: tables in text
# strict: yes
import csv
import io

text = 'name,price,note\npen,1.50,"blue, fine"\nbook,12.00,"says ""hi"""\n'
rows = list(csv.DictReader(io.StringIO(text)))
print(rows[1]["note"])
sum(float(r["price"]) for r in rows)
