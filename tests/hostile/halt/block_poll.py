# what: poll on nothing
# expect: TIMEOUT
import select

select.poll().poll()
