# what: exception groups
# strict: yes
def check(values):
    errors = []
    for v in values:
        try:
            if v < 0:
                raise ValueError(f"negative {v}")
            1 / v
        except (ValueError, ZeroDivisionError) as e:
            e.add_note(f"value {v}")
            errors.append(e)
    if errors:
        raise ExceptionGroup("bad values", errors)


seen = []
try:
    check([1, -2, 0, -3])
except* ValueError as g:
    seen.append([str(e) for e in g.exceptions])
except* ZeroDivisionError as g:
    seen.append([e.__notes__ for e in g.exceptions])
seen
