# what: asks what other threads do
import sys

{"escaped": len(sys._current_frames()) > 0, "proof": "frames"}
