# title: Networks split among departments
# kind: tenant
import ipaddress

free = [ipaddress.ip_network("10.20.0.0/20")]
plan = {}
for name, hosts in sorted(
    {"sales": 400, "lab": 900, "guests": 120, "phones": 60, "core": 12}.items(), key=lambda item: -item[1]
):
    prefix = 32 - (hosts + 1).bit_length()
    block = min((net for net in free if net.prefixlen <= prefix), key=lambda net: (-net.prefixlen, net))
    chosen = next(block.subnets(new_prefix=prefix))
    free.remove(block)
    if chosen != block:
        free.extend(block.address_exclude(chosen))
    plan[name] = (str(chosen), str(chosen[1]), str(chosen.broadcast_address), chosen.num_addresses - 2)
    print(f"{name:7} {plan[name][0]:16} {plan[name][3]:5} hosts")
left = list(ipaddress.collapse_addresses(free))
six = ipaddress.ip_address("2001:db8::ff00:42:8329")
return plan, [str(net) for net in left], (six.exploded, six.is_private, int(six))
