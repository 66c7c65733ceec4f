# what: makes a mail folder
import mailbox

mailbox.Maildir(MARKER_PATH)
