# what: runs a command
import subprocess

subprocess.check_output(["cat", CANARY_PATH])
