# what: select on nothing, without an end
# expect: TIMEOUT
import select

select.select([], [], [])
