# what: TOML parsed for ever
# expect: TIMEOUT
# batch: computing
import tomllib

text = "\n".join(f"key{i} = [1, 2.5, 'x']" for i in range(5000))
while True:
    tomllib.loads(text)
