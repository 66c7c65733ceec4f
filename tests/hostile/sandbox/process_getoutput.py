# what: runs a command with subprocess.getoutput()
import subprocess

subprocess.getoutput("cat " + CANARY_PATH)
