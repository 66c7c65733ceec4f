# what: context variables
import contextvars

user = contextvars.ContextVar("user", default="nobody")


def who():
    return user.get()


context = contextvars.copy_context()
token = user.set("ann")
inside = context.run(who)
user.reset(token)
(inside, who())
