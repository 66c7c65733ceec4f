# what: the working directory is another
import os
import tempfile

os.chdir(tempfile.gettempdir())
os.makedirs("stain_directory", exist_ok=True)
os.chdir("stain_directory")
# --- verify ---
import os

not os.getcwd().endswith("stain_directory")
