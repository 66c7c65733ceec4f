# title: Normal forms, case folding, widths and graphemes, more or less
# kind: user
import unicodedata

samples = [
    "Straße",
    "ﬁancée",
    "Ωmega",
    "İstanbul",
    "naïve",
    "日本語",
    "e\u0301galite\u0301",
    "👩\u200d🚀 lift-off",
]
rows = []
for text in samples:
    forms = {form: len(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    width = sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text
    )
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    rows.append(
        (
            text,
            text.casefold(),
            plain,
            forms,
            width,
            text.encode("utf-8"),
            sorted({unicodedata.category(c) for c in text}),
        )
    )
    print(f"{text} -> {text.casefold()} / {plain} / {ascii(text)}")
return rows
