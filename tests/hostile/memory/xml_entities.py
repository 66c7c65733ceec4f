# what: an XML document of entities in entities, or their like in text where expat does not load
# expect: MEMORY_LIMIT_EXCEEDED | EXECUTION_ERROR
try:
    import xml.parsers.expat as expat
except ImportError:
    text = "lol"
    for _ in range(9):
        text = text * 10
else:
    entities = '<!ENTITY a "' + "lol" * 20 + '">'
    for this, last in zip("bcdefghi", "abcdefgh"):
        entities += f'<!ENTITY {this} "{f"&{last};" * 10}">'
    kept = []
    p = expat.ParserCreate()
    p.CharacterDataHandler = kept.append
    p.Parse(f"<!DOCTYPE x [{entities}]><x>&i;</x>", True)
