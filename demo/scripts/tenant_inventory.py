# title: A warehouse simulated by events in a heap
# kind: tenant
import heapq
import random

random.seed(31)
stock, backlog, lost, served = 40, 0, 0, 0
queue = [(random.expovariate(1.2), 0, "customer"), (8.0, 1, "review")]
serial, on_order, history = 2, 0, []
while queue and queue[0][0] < 120:
    now, _, event = heapq.heappop(queue)
    match event:
        case "customer":
            wanted = random.randint(1, 3)
            if wanted <= stock:
                stock -= wanted
                served += wanted
            else:
                lost += wanted
            heapq.heappush(queue, (now + random.expovariate(1.2), serial, "customer"))
        case "review":
            if stock + on_order < 15:
                on_order += 50
                heapq.heappush(queue, (now + random.uniform(3, 6), serial + 1, "delivery"))
            heapq.heappush(queue, (now + 8.0, serial + 2, "review"))
        case "delivery":
            stock += 50
            on_order -= 50
    serial += 3
    history.append(stock)
print(f"served {served}, lost {lost}, stock {min(history)} to {max(history)}")
return {"served": served, "lost": lost, "mean": round(sum(history) / len(history), 6), "events": len(history)}
