# what: loads statistics from a file
import pstats

try:
    pstats.Stats(CANARY_PATH)
except (EOFError, ValueError, TypeError) as error:
    text = TOKEN + str(error)
text
