# what: takes the frames of all threads
import sys

{"escaped": any(frame.f_back.f_back is not None for frame in sys._current_frames().values()), "proof": "f_back"}
