# title: Looks for a needle in an endless haystack
# kind: loop
# expect: TIMEOUT
# timeout: 0.2
import itertools

"needle" in itertools.cycle(["hay"])
