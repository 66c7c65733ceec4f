# what: has a text shown by a pager of its choice
import pydoc

(getattr(pydoc, "pipe_pager", None) or pydoc.pipepager)("text", "cat >" + MARKER_PATH)
