# what: runs a command with a helper of uuid
import uuid

uuid._get_command_stdout("cat", CANARY_PATH).read()
