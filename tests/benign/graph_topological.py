# what: an order by depth-first search
# strict: yes
deps = {"shirt": ["tie", "belt"], "tie": ["jacket"], "pants": ["shoes", "belt"], "belt": ["jacket"], "socks": ["shoes"]}
seen, order = set(), []


def visit(n):
    if n not in seen:
        seen.add(n)
        for m in deps.get(n, []):
            visit(m)
        order.append(n)


for n in sorted(deps):
    visit(n)
order[::-1]
