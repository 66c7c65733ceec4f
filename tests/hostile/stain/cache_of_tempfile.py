# what: tempfile's directory and names are set
# batch: stains
import tempfile

tempfile.tempdir = "/stain"
tempfile._name_sequence = iter(["stained"])
# --- verify ---
import tempfile

tempfile.tempdir != "/stain" and type(tempfile._name_sequence).__name__ != "list_iterator"
