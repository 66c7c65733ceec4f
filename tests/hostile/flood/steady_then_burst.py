# what: keeps to the rate for a while and then bursts
import time

for n in range(20):
    print(n)
    time.sleep(0.006)
while True:
    print("burst")
