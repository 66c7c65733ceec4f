# what: tables written
# strict: yes
import csv
import io

out = io.StringIO()
writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
writer.writerow(["id", "text"])
writer.writerows([[1, "plain"], [2, "semi;colon"], [3, 'quote"d']])
d = csv.DictWriter(out, ["a", "b"], extrasaction="ignore", restval="-", lineterminator="\n")
d.writeheader()
d.writerow({"a": 1, "c": 3})
out.getvalue()
