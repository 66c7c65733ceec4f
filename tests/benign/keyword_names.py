# what: which names are free
# strict: yes
import keyword

[(w, keyword.iskeyword(w), w.isidentifier(), keyword.issoftkeyword(w)) for w in ("class", "match", "x1", "1x", "None")]
