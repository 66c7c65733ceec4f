# what: a state machine of a turnstile
# strict: yes
from enum import Enum, auto


class State(Enum):
    LOCKED = auto()
    OPEN = auto()


table = {(State.LOCKED, "coin"): State.OPEN, (State.OPEN, "push"): State.LOCKED}
state, passed = State.LOCKED, 0
for event in "push coin coin push push coin push".split():
    new = table.get((state, event), state)
    passed += event == "push" and state is State.OPEN
    state = new
(state.name, passed)
