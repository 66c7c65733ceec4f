# what: epoll on nothing
# expect: TIMEOUT
import select

select.epoll().poll()
