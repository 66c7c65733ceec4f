# what: compares folders
import filecmp

filecmp.dircmp(CANARY_DIR, CANARY_DIR + "/names").right_list
