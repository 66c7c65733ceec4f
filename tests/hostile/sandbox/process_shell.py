# what: runs a command in a shell
import subprocess

subprocess.run("cat " + CANARY_PATH, shell=True, capture_output=True).stdout
