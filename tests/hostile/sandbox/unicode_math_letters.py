# what: names a function in letters that normalise to its name
𝘰𝘱𝘦𝘯(CANARY_PATH).read()
