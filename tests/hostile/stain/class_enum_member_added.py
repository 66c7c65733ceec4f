# what: a member is put into an enumeration
# batch: stains
import re

re.RegexFlag._member_map_["STAIN"] = re.RegexFlag.ASCII
re.RegexFlag._value2member_map_[1 << 20] = re.RegexFlag.ASCII
# --- verify ---
import re

"STAIN" not in re.RegexFlag.__members__ and (1 << 20) not in re.RegexFlag._value2member_map_
