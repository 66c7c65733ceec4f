# what: has logging resolve an object by its name
import logging.config

logging.config.DictConfigurator({}).convert("ext://io.open")(CANARY_PATH).read()
