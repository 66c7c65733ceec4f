# what: has a message translated by a catalog of its choice
import gettext

gettext.translation("canary", CANARY_DIR, ["en"]).gettext("canary")
