# what: all clauses of try
# strict: yes
log = []
for value in ("1", "x", None):
    try:
        n = int(value)
    except ValueError:
        log.append("value")
    except TypeError as e:
        log.append(type(e).__name__)
    else:
        log.append(n)
    finally:
        log.append("end")
log
