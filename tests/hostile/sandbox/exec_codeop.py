# what: compiles a text with codeop
import codeop

eval(codeop.compile_command("open(CANARY_PATH).read()", symbol="eval"))
