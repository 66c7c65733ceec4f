# what: reads a mailbox
import mailbox

mailbox.mbox(CANARY_DIR + "/canary.mbox", create=False)[0]["Subject"]
