# what: imports a module by letters that normalise to its name
import 𝐩𝐨𝐬𝐢𝐱 as module

module.read(module.open(CANARY_PATH, 0), 100)
