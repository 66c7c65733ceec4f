# what: addresses of networks
# strict: yes
import ipaddress

net = ipaddress.ip_network("192.168.0.0/29")
print(net.num_addresses, net.netmask, [str(h) for h in net.hosts()][:2])
(ipaddress.ip_address("192.168.0.3") in net, str(ipaddress.ip_address("::1")), [str(s) for s in net.subnets(1)], ipaddress.ip_address("10.0.0.1").is_private)
