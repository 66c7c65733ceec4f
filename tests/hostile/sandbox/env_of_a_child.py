# what: reads the environment in a child process
import subprocess

subprocess.check_output(["/bin/sh", "-c", "echo $ENCLAVE_CANARY"])
